"""A microphone that plays a file."""
