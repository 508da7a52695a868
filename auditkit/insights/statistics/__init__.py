"""Statistics of the register: run charts, Pareto, spread of times, tables, fairness, seasons. Each with its table.

`rules` is the mathematics, without framework or database; SciPy is loaded only when a figure is asked for.
"""
