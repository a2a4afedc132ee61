"""Starts the real parts (broker, ClickHouse, Home Assistant, service, virtual windows) and takes them down again."""
