"""One run at a time, on one machine or on several."""
