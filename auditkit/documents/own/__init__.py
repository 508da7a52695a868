"""Own templates: of the installation (files of the instance) and of each organisation (versions in the database).

A consultant's client is an organisation here, so a client's template is that organisation's. What is in use is used or
the document fails; nothing falls back to another template.
"""
