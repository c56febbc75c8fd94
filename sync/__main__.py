"""`python -m sync` is the command helhedsplan."""

from sync.cli import app

app(prog_name="helhedsplan")
