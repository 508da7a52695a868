"""Machine tests over a whole population: what needs no judgement is tested on every complaint, not on a sample."""
