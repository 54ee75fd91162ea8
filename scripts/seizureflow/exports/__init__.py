"""Writers of the formats in which datasets are exchanged."""
