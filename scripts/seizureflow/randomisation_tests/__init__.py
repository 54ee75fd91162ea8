"""Tests that rest on the randomisation: blocks, arrangements of the arms, statistics, inference."""
