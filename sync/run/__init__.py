"""One run of the job as stages, and what follows from it; uses everything but the commands."""
