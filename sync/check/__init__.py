"""Reading and judging without writing; uses the rules, findings, the history and the stores."""
