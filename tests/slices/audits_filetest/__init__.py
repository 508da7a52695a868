"""Tests of audits: filetest."""
