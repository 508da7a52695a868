"""Corrections, corrective and preventive actions: cause, owner, proof, and the check of effect by somebody else."""
