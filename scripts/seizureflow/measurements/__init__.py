"""Results of tests (laboratory, vital signs): their analysis datasets, and what is counted in them."""
