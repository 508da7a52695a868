"""What complaints are held against: how many orders, contracts or customers there were, month by month."""
