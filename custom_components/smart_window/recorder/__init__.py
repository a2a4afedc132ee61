"""The record: rows → queue → batches → ClickHouse.

It never blocks, never disturbs a window, and knows nothing of Home Assistant.
"""
