"""What it takes to tell 100,000 readers of one post."""
