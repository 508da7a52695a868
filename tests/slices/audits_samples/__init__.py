"""Tests of audits: samples."""
