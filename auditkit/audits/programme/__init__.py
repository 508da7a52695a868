"""The audit programme: what is audited when over three years, why, with what means, and what came of it."""
