"""The page on which an organisation sets its logo, and where pages fetch it. The file is examined as evidence is."""
