"""The same firmware as a Linux process."""
