"""The reconciliation test: a channel's own log beside the register; what is not in it was perhaps never recorded."""
