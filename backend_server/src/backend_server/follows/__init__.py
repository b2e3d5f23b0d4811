"""Who reads whom, and which mail they want about it."""
