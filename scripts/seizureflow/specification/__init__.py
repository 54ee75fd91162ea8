"""The specification of the analysis datasets, written from the protocol."""
