"""Subgroups: who belongs to which, and whether the effect differs between them."""
