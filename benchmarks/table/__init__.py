"""All benchmarks in one go, and the table of their figures: docs/BENCHMARKS.md."""
