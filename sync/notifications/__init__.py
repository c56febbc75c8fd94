"""Who gets which mail, and how it is sent. May use the overview, history, service and config."""
