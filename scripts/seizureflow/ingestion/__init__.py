"""From raw files to canonical tables, one module per kind of file."""
