"""The commands of `helhedsplan`, a module for each kind; `sync/cli.py` lists them."""
