"""The secretariat's overview: what stands in each tab. Pure; the writing is elsewhere."""
