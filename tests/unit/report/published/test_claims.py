"""What README says of claims, of answers that were made up."""

from dataclasses import replace
from pathlib import Path

from harness.judge.reproduction import Figure, Finding
from harness.report.claims.answers import AnsweredClaim
from harness.report.published.claims import block, claims_in, read_answered
from tests.made.claims import ALONE, CLAIM, FEW, FIVE, NOT_YET
from tests.made.databases import fill
from tests.made.rows import made

REFUTED = replace(FIVE, finding=Finding.NOT_REPRODUCED, figure=Figure(7, 1.0, 0.9, 1.1))
THEIRS = replace(FIVE, measurement=ALONE, figure=Figure(7, 900.0, 890.0, 910.0))


def test_those_that_hold_under_their_own_conditions_only_come_first() -> None:
    either_way = replace(CLAIM, claims="y is slow")
    found = [
        AnsweredClaim(CLAIM, [FEW, FIVE]),
        AnsweredClaim(either_way, [replace(THEIRS, finding=Finding.NOT_REPRODUCED), REFUTED]),
        AnsweredClaim(CLAIM, [THEIRS, REFUTED]),
        AnsweredClaim(CLAIM, [NOT_YET]),
    ]
    head, _, first, second = block(found).splitlines()
    assert head == (
        "**[Claims of others, measured again](docs/claims.md)**: 3 claims, measured properly: "
        "1 reproduced, 2 not reproduced, 0 not decidable. 1 more: not measured yet."
    )
    assert first == (
        "- *X is fast*: 900 [890, 910] tasks/s as they did, 1.00 [0.900, 1.10] times properly "
        "(as it is)."
    )
    assert second.startswith("- *Y is slow*: 900 ")


def test_a_database_without_claims_says_nothing(tmp_path: Path) -> None:
    database = made(tmp_path, fill)
    assert (read_answered(database), claims_in(database), block([])) == ([], [], "")
