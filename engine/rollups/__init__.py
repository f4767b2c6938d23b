"""Totals of what was reported: the fold of figures into every level, its proof, and the questions pages ask."""

from engine.rollups.coverage import Coverage, Place, Units, units_of
from engine.rollups.folding import fold
from engine.rollups.leaves import Leaf, Photo, Version, leaves, search_figures
from engine.rollups.periods import WHOLE, Period
from engine.rollups.recomputing import differences, recompute
from engine.rollups.results import Breakdown, Part, Result, breakdown, coverage, results

__all__ = [
    "WHOLE",
    "Breakdown",
    "Coverage",
    "Leaf",
    "Part",
    "Period",
    "Photo",
    "Place",
    "Result",
    "Units",
    "Version",
    "breakdown",
    "coverage",
    "differences",
    "fold",
    "leaves",
    "recompute",
    "results",
    "search_figures",
    "units_of",
]
