"""A seeded schedule of faults on the real stack, and the laws that hold through all of them."""
