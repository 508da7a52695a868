"""People, organisations, memberships with roles, and sign-in."""
