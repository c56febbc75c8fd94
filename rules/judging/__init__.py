"""What a rule is, and what rules judge by: money, procedure, figures. Uses model."""
