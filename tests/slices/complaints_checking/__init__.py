"""Tests of reading the register for whoever checks it."""
