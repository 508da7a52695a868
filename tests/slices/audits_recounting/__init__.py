"""Tests of audits: reported figures counted again."""
