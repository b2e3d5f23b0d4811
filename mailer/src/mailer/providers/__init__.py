"""Where a written mail goes: the port, and one module or folder for each provider."""
