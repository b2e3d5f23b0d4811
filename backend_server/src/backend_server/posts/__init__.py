"""Short posts: written, read, changed and deleted."""
