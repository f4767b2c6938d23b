"""Measures what the application costs: CPU time, statements and memory, never wall time."""
