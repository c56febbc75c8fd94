"""Right plans in other people's habits, and typical mistakes in them; shares no code with ours."""
