"""`helhedsplan doctor`: everything that a run needs, tried for real, a module for each kind."""
