"""One module per family of rules: each rule with its texts, then the function that looks for it."""
