"""Every machine is seen: on a terminal by a line of its own, else by what it says."""

import io

from rich.console import Console

from harness.experiment.cluster.member import Doing, Member
from harness.experiment.cluster.show import Show
from harness.experiment.comparison.blocks import Block


def members() -> list[Member]:
    working = Member(
        "tcp://h:1", "a", None, Doing.WORKING, task=Block(3, (0, 1)), line="celery 2/4"
    )
    return [working, Member("tcp://h:2", "b", None, Doing.JOINING)]


def test_each_machine_has_a_line_on_a_terminal_for_as_long_as_it_is_there() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    show = Show(console)
    show.expected, show.done = 8, 2
    show.update(members(), 90)
    seen = [str(task.description) for task in show._progress.tasks]
    assert seen == [
        "2 of 8 blocks, 2 machines",
        "a · block 3: celery 2/4",
        "b · looks at itself and builds its cells",
    ]
    show.update(members()[1:], 90)
    assert [str(task.description) for task in show._progress.tasks][1:] == [seen[2]]


def test_elsewhere_what_a_machine_says_has_its_name() -> None:
    console = Console(file=io.StringIO(), record=True, width=120)
    show = Show(console)
    show.said(members()[0], "celery drained 20,000 tasks\n")
    show.said(members()[0], " \n")
    assert console.export_text() == "a · celery drained 20,000 tasks\n"
