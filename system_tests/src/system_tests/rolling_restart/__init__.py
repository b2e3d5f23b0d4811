"""Restarts every process of a running system, one after the other, while people use it. Bar R15."""
