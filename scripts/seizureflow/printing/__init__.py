"""Prints the project's own HTML pages as PDF: one source, two forms."""
