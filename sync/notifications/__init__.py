"""Who gets which mail, how it is sent, and the log of what was sent."""
