"""What every slice stands on: database, clock, errors, events, verbs, settings. Knows no slice."""
