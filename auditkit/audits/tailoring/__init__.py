"""What an audit asks of its checklist: profile, clauses, weight; what the last audit left; questions of its own."""
