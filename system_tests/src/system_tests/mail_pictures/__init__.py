"""Pictures of every mail as programs show it, and of the pages that show the outbox."""
