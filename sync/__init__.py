"""The job: it reads, checks, writes warnings back, builds the overview, and remembers."""
