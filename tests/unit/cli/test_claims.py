"""The declarations of claims: each can be measured, and says before it is what would decide it."""

import json
import math
from pathlib import Path

import pytest

from harness.cli.claims import (
    PublishedClaim,
    Region,
    Side,
    claim_files,
    read_claim,
    read_claims,
    request_of,
    requests,
    sides_of,
)
from harness.cli.matrix import Matrix
from harness.cli.words import TAKES
from harness.experiment.claims.prepare import SIZE
from harness.scenario.catalogue import load_scenario
from infrastructure.errors import UsageError
from tasks.spec import WANTS
from tests.docs.test_metrics import documented

CLAIMS = read_claims()
METRICS = documented()
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
LEAST = 12


def test_there_are_enough_of_them_in_the_order_of_their_files() -> None:
    assert len(CLAIMS) >= LEAST
    assert [claim.name for claim in CLAIMS] == list(claim_files())
    numbers = [path.stem.partition("-")[0] for path in claim_files().values()]
    assert numbers == sorted(set(numbers))


@every_claim
def test_it_says_who_claims_what_where_and_how(claim: PublishedClaim) -> None:
    assert claim.url.startswith("https://")
    assert all((claim.claims, claim.by, claim.seen, claim.conditions, claim.flaw))
    assert not claim.claims.endswith(".")
    assert claim.measurements
    assert {each.role for each in claim.measurements} & {"as they did", "properly"}


@every_claim
def test_its_arms_can_be_parsed_and_built(claim: PublishedClaim, matrix: Matrix) -> None:
    for side in claim.sides:
        arm = request_of(side, matrix)
        assert arm.version in matrix.frameworks[arm.framework].versions
        assert not arm.sources
        for word in arm.settings:  # as a row has it, so that it is found again
            key, _, value = word.partition("=")
            assert value == str(parsed(value)), f"{key}: write {parsed(value)}"


def parsed(value: str) -> object:
    try:
        return json.loads(value)
    except ValueError:
        return value


@every_claim
def test_its_loads_are_points_of_scenarios_and_its_metrics_are_defined(
    claim: PublishedClaim,
) -> None:
    for each in claim.measurements:
        for side in each.sides:
            points = load_scenario(side.scenario).points(SIZE)
            assert side.point in {point.label for point in points}, side.load
            assert all(point.fraction is None for point in points)
        assert any(name.fullmatch(each.metric) and unit == each.unit for name, unit in METRICS)


@every_claim
def test_its_regions_do_not_overlap(claim: PublishedClaim) -> None:
    for each in claim.measurements:
        confirm, refute = each.bounds
        assert all(region.low < region.high for region in (confirm, *refute))
        assert not any(overlap(confirm, region) for region in refute)
        assert each.side != each.over


def overlap(one: Region, other: Region) -> bool:
    return max(one.low, other.low) < min(one.high, other.high)


def test_sides_are_told_apart_by_what_their_rows_hold(matrix: Matrix) -> None:
    found = requests(CLAIMS, matrix)
    known = {
        (a.framework, a.version, a.variation, a.profile, a.broker, side.load)
        for side, a in found.items()
    }
    assert len(known) == len(found) == len(sides_of(CLAIMS))


def test_what_an_arm_can_take_is_taken_by_scenarios_too() -> None:
    assert set(TAKES) <= WANTS


def test_an_unknown_claim_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'arq-poll'"):
        read_claims(["arq-pol"])


def test_what_a_file_lacks_is_said(tmp_path: Path) -> None:
    file = tmp_path / "01-x.toml"
    file.write_text('claims = "x"\n')
    with pytest.raises(UsageError, match="it does not say 'by'"):
        read_claim("x", file)


def test_a_load_is_a_scenario_and_a_point() -> None:
    assert Side("celery", "throughput")[1:] == ("throughput",)
    side = Side("celery", "claimed at naps of 100 ms")
    assert (side.scenario, side.point) == ("claimed", "naps of 100 ms")
    assert (Side("a", "throughput").scenario, Side("a", "throughput").point) == ("throughput", "")


def test_bounds_may_refute_on_both_sides(tmp_path: Path) -> None:
    text = next(iter(claim_files().values())).read_text()
    file = tmp_path / "01-x.toml"
    file.write_text(text.replace("refute = [2, inf]", "refute = [[0, 0.5], [2, inf]]"))
    [first, *_] = read_claim("x", file).measurements
    assert first.bounds.refute == (Region(0, 0.5), Region(2, math.inf))
