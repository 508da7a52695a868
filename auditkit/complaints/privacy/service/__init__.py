"""Verbs over personal data: erasing it (`anonymising`), rules and holds (`keeping`), what people ask (`requests`)."""
