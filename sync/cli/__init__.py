"""The commands. The only place that knows the day and the environment."""
