"""Totals of what was reported: the fold of figures into every level, its proof, and the questions pages ask."""

from engine.rollups.folding import fold
from engine.rollups.recomputing import recompute

__all__ = ["fold", "recompute"]
