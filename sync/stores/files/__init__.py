"""Files replaced safely, and the backups that are kept of them."""
