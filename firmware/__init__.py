"""The firmware of a window; its Python parts build and run it on Linux."""
