"""Tests of audits: machine tests over a population."""
