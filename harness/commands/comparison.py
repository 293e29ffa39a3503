"""What ``compare`` and ``regress`` share: arms interleaved in blocks, and verdicts."""

import argparse
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest, requested
from harness.cli.cluster import check_cluster, cluster_of
from harness.cli.matrix import Matrix
from harness.cli.options import check_place
from harness.commands.look import take_a_look
from harness.commands.measuring import alone, only_planned, placed
from harness.commands.of_arms import OfArms
from harness.commands.typed import cells_of, kept_of, server_of, typed_again
from infrastructure.errors import UsageError

DUET = "throughput"  # its arms work in turns
REGRESS = "regress"

if TYPE_CHECKING:
    from harness.experiment.comparison.compare import Course
    from harness.experiment.comparison.prepare import ComparisonRequest
    from harness.trial.plan import Watch


class Comparison(OfArms):
    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        return requested(options, matrix)

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        check_place(options, self.name, ())
        if options.pin and (options.cluster or options.place):
            raise UsageError("--pin is for cores of this machine: leave --cluster and --place out")
        super().check(options, matrix)
        check_cluster(options, () if self.stored(options) else self.arms(options, matrix))

    def settled(self, options: argparse.Namespace, _matrix: Matrix) -> argparse.Namespace:
        return argparse.Namespace(**vars(options), command=self.name)

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.arms import check_settings
        from harness.experiment.comparison.compare import compare
        from harness.trial.watch import watching

        settled = self.settled(options, matrix)
        arms = [arm.settled(matrix) for arm in self.arms(settled, matrix)]
        check_settings(arms, cells_of(settled))
        check_cluster(settled, arms)
        cluster = cluster_of(settled)
        elsewhere = cluster is not None and not cluster.local and not settled.place
        alone_or_shown = only_planned(options) if options.dry_run else alone(options)
        with (
            nullcontext() if elsewhere else alone_or_shown,
            watching(settled.metrics_port) as watch,
            placed(settled, arms, cells_of(settled), matrix, typed_again()) as places,
        ):
            want = asked(settled, arms, watch)
            want = replace(want, server=replace(want.server, places=places))
            code, experiment = compare(want, course(settled))
        if experiment:
            take_a_look(settled.db, settled.json, experiment)
        return code


def asked(
    options: argparse.Namespace, arms: Sequence[ArmRequest], watch: "Watch"
) -> "ComparisonRequest":
    """What is to be compared, typed."""
    from harness.experiment.comparison.prepare import ComparisonRequest
    from harness.experiment.row import drawn_seed

    return ComparisonRequest(
        options.command,
        arms,
        cells_of(options),
        server_of(options),
        options.db,
        drawn_seed(options.seed),
        options.blocks,
        chosen(options, arms, usual_of(options.command)),
        [Path(file) for file in options.scenario_file],
        Path(options.workload) if options.workload else None,
        options.quick,
        getattr(options, "warmup_s", None),  # a pilot's, of an experiment gone on with
        options.max_time,
        getattr(options, "factor", ()),
        getattr(options, "aa", False),
        not options.sequential,
        options.load,
        None if options.margin is None else options.margin / 100,
        kept_of(options),
        watch,
        typed_again(),
        options.strata,
        options.pin,
    )


def chosen(
    options: argparse.Namespace, arms: Sequence[ArmRequest], usual: Sequence[str]
) -> Sequence[str]:
    """The scenarios named; of code that somebody is writing the one that answers in minutes."""
    if options.scenario:
        return list(options.scenario)
    if options.scenario_file or options.workload:
        return ()
    return (DUET,) if any(arm.sources for arm in arms) else usual


def usual_of(command: str) -> Sequence[str]:
    """What nobody has to name: of a series of versions what ends within minutes."""
    from harness.scenario.catalogue import FIRST

    return (DUET,) if command == REGRESS else FIRST


def course(options: argparse.Namespace) -> "Course":
    """How it is carried out, typed."""
    from harness.experiment.comparison.compare import Course
    from harness.experiment.comparison.conclude import FailOn

    return Course(
        options.out,
        FailOn(options.fail_on),
        getattr(options, "resume", None),
        options.pilot,
        getattr(options, "confirm", False),
        options.dry_run,
        None if options.place else cluster_of(options),
    )
