"""What a request costs: `python -m benchmarks`, on both databases, with few cases and with ten times as many."""
