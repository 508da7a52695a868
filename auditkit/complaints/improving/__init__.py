"""What complaints lead to: corrective actions and improvements from a case, a category, or a selection of cases."""
