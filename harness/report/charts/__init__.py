"""Drawings. What somebody has set for matplotlib, in variables and files, changes none of them."""

import os

os.environ.pop("MPLBACKEND", None)  # one that is none fails while matplotlib is imported
