"""Claims of others with answers that were made up."""

from dataclasses import replace
from datetime import date

from harness.cli.claims import Bounds, Measurement, PublishedClaim, Region, Side
from harness.judge.reproduction import Figure, Finding
from harness.report.claims.answers import ClaimAnswer
from harness.report.published.grounds import Ground
from harness.report.rows.claims import OfClaim
from harness.report.rows.published import OnGround

BOUNDS = Bounds(Region(4, float("inf")), (Region(0, 0.95), Region(2, 3)))
SIDES = Side("taskiq", "throughput"), Side("celery", "claimed at running")
RATIO = Measurement("properly", "x is fast", "drain_rate", "tasks/s", BOUNDS, *SIDES, "as it is")
ALONE = Measurement("as they did", "x is fast", "drain_rate", "tasks/s", BOUNDS, SIDES[0])
WHY = replace(RATIO, role="why", claims="arq polls", note="")
DAY = date(2026, 11, 28)
CLAIM = PublishedClaim(
    "n", "x is fast", "b", "https://e.org", DAY, "page", "on\nmars", "slow poll", []
)
GROUNDS = {
    "e1": Ground(
        OnGround("e1", DAY, "Z80", "2", ["3.12.1"], ["valkey 9"], "claims", "{}", 7, "abc")
    )
}
ARM = OfClaim("taskiq", "1", "", "3.12.1", "redis", "embedded", "matched",
              "e1", "throughput", "", 1, "ok", None, "drain_rate", 1.0)  # fmt: skip
EACH = [Figure(7, 4000, 3900, 4100), Figure(7, 800, 790, 810)]
FIVE = ClaimAnswer(RATIO, Finding.REPRODUCED, Figure(7, 5, 4.9, 5.2), EACH, "", "e1", [ARM, ARM])
FEW = ClaimAnswer(ALONE, Finding.UNDECIDABLE, Figure(5), [Figure(5)], "5 blocks", "e1", [ARM])
NOT_YET = ClaimAnswer(RATIO, Finding.UNDECIDABLE, Figure(0), [], "not measured")
