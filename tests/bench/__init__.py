"""Benchmarks: `make bench`. They print ratios within one run; no test depends on them."""
