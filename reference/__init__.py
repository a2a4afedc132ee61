"""Writes the parts of docs/API.md and docs/CONFIGURATION.md that are known from the code."""
