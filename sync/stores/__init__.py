"""Where workbooks are kept: the protocol that the job speaks, and the stores that answer it."""
