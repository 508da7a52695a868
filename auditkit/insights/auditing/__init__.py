"""Statistics of audits and actions: findings by clause, principle and place, repeats, times, coverage, effect."""
