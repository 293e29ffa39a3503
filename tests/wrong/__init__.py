"""Deliberately wrong frameworks: the stub with one thing changed. Each has to end void.

A file is an adapter (``Arm.adapter``), loaded by its name alone.
"""
