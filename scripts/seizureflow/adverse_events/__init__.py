"""Adverse events: which emerged under treatment, time at risk, and what is compared."""
