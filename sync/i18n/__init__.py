"""The language that the job speaks, and the catalogues of its texts."""
