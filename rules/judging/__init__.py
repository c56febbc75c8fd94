"""What a rule is, and what several rules judge by: money, procedure, figures.

Uses model and text.
"""
