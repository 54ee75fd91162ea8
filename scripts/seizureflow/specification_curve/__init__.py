"""Specification curve: one question answered under every defensible set of choices.

Simonsohn, Simmons & Nelson (2020), Specification curve analysis, Nature Human Behaviour
4:1208-1214; Steegen et al. (2016), Increasing transparency through a multiverse analysis,
Perspectives on Psychological Science 11:702-712.
"""
