"""What is to be carried out, and in which pieces."""

from itertools import chain

from harness.commands.validate import OLDER
from harness.prove.turns.plan import (
    EQUAL,
    FIVE,
    FIVE_ALONE,
    KINDS,
    PAIRS,
    PLANTED,
    THROUGHPUT,
    TWO,
    TWO_ALONE,
    Word,
    older,
    planned,
)

PIECE_S = 780.0  # in which every piece has to fit


def test_every_piece_is_planned_once_and_fits_into_one_go() -> None:
    pieces = planned()
    assert len(pieces) == len(set(pieces))
    assert all(kind.expected_s < PIECE_S for kind in KINDS.values())
    throughput = [p for p in pieces if KINDS[p.kind].scenario == THROUGHPUT]
    assert sum(KINDS[piece.kind].expected_s for piece in throughput) <= 75 * 60


def test_as_many_comparisons_as_are_wanted() -> None:
    assert len(EQUAL) * (TWO.pieces + FIVE.pieces) == 20
    assert len(PLANTED) * TWO.pieces == len(PLANTED) * FIVE.pieces == 10
    for pairs in (EQUAL, PLANTED):
        members = list(chain(*pairs))
        assert len(members) == len(set(members))  # no arm is in two comparisons of a kind


def test_two_arms_alone_do_what_the_pairs_of_four_do() -> None:
    for four, two in ((TWO, TWO_ALONE), (FIVE, FIVE_ALONE)):
        assert two.blocks == four.blocks
        assert two.percent == four.percent
        assert two.groups[0] == (four.groups[0][0], four.groups[0][2])


def test_words_are_arms() -> None:
    assert Word.of("asynctasq==1.4.1") == ("asynctasq", "1.4.1", "", None)
    assert Word.of("celery@threads") == ("celery", "", "threads", None)
    assert Word.of("celery+0").percent == 0  # a copy of the cell too
    assert Word.of("celery+2") == ("celery", "", "", 2)


def test_every_arm_of_a_block_is_in_a_pair_and_every_cell_is_built() -> None:
    for arms, pairs in PAIRS.items():
        assert set(chain(*pairs)) == set(range(len(arms)))
    blocks = {arms for kind in KINDS.values() if not kind.blocks for arms in kind.groups}
    assert blocks == set(PAIRS)
    assert older() == OLDER
