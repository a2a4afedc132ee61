"""Runs in the service's environment; started by the file of the same name one folder up."""
