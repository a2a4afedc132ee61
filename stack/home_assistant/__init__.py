"""A real Home Assistant: its configuration, its process, and the steps that a person takes in its front end."""
