"""Laboratory results and vital signs: their analysis datasets, and what is counted in them."""
