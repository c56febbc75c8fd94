"""Who is told what by mail, and the log of what was sent."""
