"""Measures heavy_computation against the best known programs for each of its operations."""
