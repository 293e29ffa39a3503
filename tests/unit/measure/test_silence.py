"""How long nothing was completed."""

import numpy as np

from harness.measure.silence import SECOND, longest_silence_s


def test_silence_lasts_as_long_as_tasks_were_to_come() -> None:
    ends = np.array([1, 2, 5, 6]) * SECOND
    assert longest_silence_s(ends, 3 * SECOND, 6 * SECOND) == 2
    assert longest_silence_s(ends, 3 * SECOND, 20 * SECOND) == 14  # and then nothing came
    assert longest_silence_s(ends, 8 * SECOND, 30 * SECOND) == 22
    # A gap is not cut in two by the end of the load that falls into it.
    assert longest_silence_s(ends, 2 * SECOND, 4 * SECOND) == 3
