"""The language that the job speaks, and its catalogues. May use the rules' languages."""
