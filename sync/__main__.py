"""`python -m sync` is the command helhedsplan."""

from sync.cli import main

main()
