"""Writes a study's canonical tables as SDTM datasets, with a protocol that reads them back."""
