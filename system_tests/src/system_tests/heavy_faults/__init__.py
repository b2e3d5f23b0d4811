"""What becomes of heavy_computation's index, and of who asks it, when something breaks."""
