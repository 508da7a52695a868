"""What becomes of findings after they are raised: the list of all, ageing, repeats, answers and disputes, own words."""
