"""``python -m tasks.listen``: hear the framework's task events and record when each arrived.

Says ``{"ready": true}`` on standard output when it is subscribed; ends with standard input.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

from tasks.adapter import load_adapter
from tasks.records import EVENTS, HEARD_SUFFIX, RecordWriter, halves
from tasks.spec import read_spec


def end_with_input() -> None:
    """The host closes our standard input to end us; what was written is in the kernel's hands."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    spec = read_spec()
    writer = RecordWriter(Path(spec.records), HEARD_SUFFIX)

    def ready() -> None:
        print(json.dumps({"ready": True}), flush=True)

    def heard(event: str, identity: str) -> None:
        at, kind = time.monotonic_ns(), EVENTS.index(event)
        writer.write(*halves(identity), at, kind, 0)

    threading.Thread(target=end_with_input, daemon=True).start()
    load_adapter(spec).listen(spec, ready, heard)


if __name__ == "__main__":
    main()
