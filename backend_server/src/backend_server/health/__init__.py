"""Whether this process lives, and whether what it needs is there."""
