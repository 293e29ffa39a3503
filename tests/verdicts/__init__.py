"""Are verdicts of arms in turns right? Real cells: equal ones, ones with planted computing, pairs
in turns and in sequence.
"""
