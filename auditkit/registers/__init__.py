"""Registers an organisation keeps beside its complaints: risks, interested parties, legal duties, competence …

What a register consists of is content (`content.shapes.registers`); what stands in it is here.
"""
