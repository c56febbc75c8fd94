"""`python -m sync` is the command helhedsplan."""

from sync.cli.app import main

main()
