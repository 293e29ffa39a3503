"""Arms of a block without processes."""

import threading
from collections.abc import Mapping
from itertools import count

from harness.trial.duet import Conductor


def conducted(conductor: Conductor, windows: int) -> None:
    """All arms are there until one has had so many windows."""
    enough = threading.Event()

    def arm(number: int) -> None:
        partner, looks = conductor.partners[number], count()

        def cpu() -> Mapping[str, float]:
            seen = next(looks)
            if seen >= 2 * windows:
                enough.set()
            return {"workers": seen * (number + 1.0)}

        partner.tell(cpu)
        with partner.turns([number]):
            assert enough.wait(10)

    threads = [threading.Thread(target=arm, args=(n,)) for n in range(len(conductor.partners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
