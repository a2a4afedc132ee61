"""Feeds a decoder what nobody should send. Runs under Python 3.11 too, where the service's decoders are."""
