"""How an organisation looks on its screens, its public pages and its papers: its logo."""
