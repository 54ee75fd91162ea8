"""An estimate against a margin, priors, predictions and historical controls."""
