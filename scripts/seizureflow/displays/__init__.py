"""What tables, pages and figures show: numbers rounded for print, names in words, tables."""
