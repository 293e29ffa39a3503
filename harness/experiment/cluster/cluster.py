"""A comparison on the machines of a cluster, from the call to the last block."""

from collections.abc import Iterator
from contextlib import contextmanager

from harness.cli.cluster import Cluster
from harness.cli.matrix import read_matrix
from harness.experiment.cluster.card import ground_of
from harness.experiment.cluster.connect import connected
from harness.experiment.cluster.crew import Crew
from harness.experiment.cluster.plan import Work, new_id, plan_of
from harness.experiment.cluster.pool import DaskPool
from harness.experiment.cluster.seat import ClusterSession
from harness.experiment.cluster.show import Show
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.prepare import ComparisonRequest

TRY = (
    "a try: {n} workers of this machine measure at the same time and disturb each other, so this "
    "only describes, and no verdict is given"
)


@contextmanager
def machines_of(
    cluster: Cluster, asked: ComparisonRequest, comparison: Comparison
) -> Iterator[Crew]:
    """The machines that are there and alike, joined: what earlier sessions left on them is stored.
    Raises BenchError where there is none.
    """
    ground = plan_of(asked, comparison, read_matrix())
    Work(new_id(comparison.id, "join"), "", ground).text()  # which refuses secrets
    if cluster.local > 1:
        comparison.describes, comparison.redo.most = TRY.format(n=cluster.local), 0
        comparison.console.print(f"[bold yellow]{comparison.describes}[/]")
    topic = f"taskqueue-bench-{comparison.id}"
    session = ClusterSession(topic, comparison.typed, alone=not cluster.local)
    with connected(cluster) as client, Show(comparison.console) as show:
        crew = Crew(comparison, ground, DaskPool(client, session), show)
        crew.wait_for_all()
        comparison.ground = dict(ground_of(crew.kinds.values()))
        try:
            yield crew
        finally:
            crew.say_good_bye()
