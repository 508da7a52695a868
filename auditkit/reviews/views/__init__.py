"""Pages of management reviews: the list and the interval, one review to work on, its inputs, its end."""

from auditkit.reviews import reminding
from auditkit.reviews.views import ending, inputs, lists, people, working
from auditkit.reviews.views.blueprint import bp

__all__ = ["bp", "ending", "inputs", "lists", "people", "reminding", "working"]
