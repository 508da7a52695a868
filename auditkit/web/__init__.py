"""What every page stands on: access rules, forms, components, base templates, static files, security headers."""
