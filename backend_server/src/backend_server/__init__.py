"""The API of Decoupled, and the worker that tells readers by mail."""
