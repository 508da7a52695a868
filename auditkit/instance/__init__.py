"""Making and serving an instance: folder, keys, database, demo organisation, server."""
