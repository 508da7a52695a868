"""What if: the promises of a period replayed under other limits, priorities or working time."""
