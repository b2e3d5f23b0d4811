"""The deployment's secrets: made once, kept out of sight, handed to those that need them."""
