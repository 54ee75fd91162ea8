"""Compares the results of two runs, studies or versions of a plan, and says what moved and why."""
