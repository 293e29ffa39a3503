"""A campaign against a cluster: random kills of machines, scheduler and session.

``.nox/tests/bin/python -m tests.cluster --rounds 20`` prints what each round cost.
"""
