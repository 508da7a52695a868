"""Tests of audits: a log of a channel beside the register."""
