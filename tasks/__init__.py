"""In-cell half of the benchmark: the standard library and one framework, nothing else.

What crosses the border: argv, a spec file and phase commands on standard input go in;
binary record files and JSON lines come out.
"""
