"""Correspondence about complaints: e-mail in, letters and messages out, what was said by telephone or by post."""
