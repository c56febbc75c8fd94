"""All rules written out, the verdict on a plan, and the reference.

Uses every other part of rules.
"""
