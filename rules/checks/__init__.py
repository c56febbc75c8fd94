"""One module per family of rules, each with its checks and texts.

Uses judging and model; no family knows another.
"""
