"""Pictures of every page of the client, on the real stack with the demo, on one sheet."""
