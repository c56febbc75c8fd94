"""`helhedsplan doctor`: what a run needs, tried for real. May use everything below the commands."""
