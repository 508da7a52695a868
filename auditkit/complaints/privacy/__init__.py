"""Personal data of complaints: who read it, how long it is kept, and what happens when it has to go (decision 16)."""
