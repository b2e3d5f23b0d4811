"""Imports the packages before pytest takes the folders of the same names for them."""

import importlib

for package in ("backend_server", "local_stack", "mailer", "system_tests"):
    importlib.import_module(package)
