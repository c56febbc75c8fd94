"""The schedule, the loop that runs it, and its installation. May use config."""
