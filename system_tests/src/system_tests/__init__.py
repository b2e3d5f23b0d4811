"""Black-box tests and benchmarks of the whole of Decoupled."""
