"""Peers of heavy_computation, each a program that reads a task in JSON and prints figures in JSON.

They run in an environment of their own, so that the project depends on none of them.
"""
