"""The schedule and the loop that runs it."""
