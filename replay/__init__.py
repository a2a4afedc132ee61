"""Old questions asked again: what would be done now, by today's rules and the model that runs."""
