"""The measure of `make bench`: the same two endpoints as most people would write them."""
