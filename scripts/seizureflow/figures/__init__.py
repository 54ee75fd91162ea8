"""Figures: they read results and participant-level data and compute no statistic of their own."""
