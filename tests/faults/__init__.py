"""A campaign of faults: sessions are struck at random moments, and what that cost is counted.

``nox -s tests -- faults --rounds 200`` prints the table. Every round is a session of its own, and
its fault and moment follow from the campaign's seed and the round's number.
"""
