"""One run, and one service, at a time, on one machine or on several.

May use the configuration and the history's database.
"""
