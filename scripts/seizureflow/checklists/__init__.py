"""Reporting checklists, filled from a study's plan and results; what is missing is marked so."""
