"""Measures how fast the API answers, against a twin of it as most people would write it."""
