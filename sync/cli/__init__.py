"""The commands: the only place that knows the day and the environment. May use everything."""
