"""What becomes of an estimate when participants are drawn again, weighted or left out."""
