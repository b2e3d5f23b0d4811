"""Composes Decoupled's mails and hands them to a provider. Start reading at `service.py`."""
