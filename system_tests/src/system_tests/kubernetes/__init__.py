"""Decoupled in a cluster: what it is made of, and what must hold there."""
