"""Homework: whether an answer is right, how that is known, and which wrong rule gives exactly this answer."""
