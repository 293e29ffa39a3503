"""The commands, each in a file of its own, in the order in which ``nox -l`` lists them.

The noxfile makes a session of each, ``python -m harness`` runs them, and the tests hold the README
to this list.
"""

from harness.cli.command import Command
from harness.commands import (
    bench,
    cells,
    claims,
    cluster,
    compare,
    doctor,
    export,
    flamegraph,
    infra,
    new,
    publish,
    query,
    regress,
    report,
    results,
    scale,
    selfbench,
    series,
    soak,
    survey,
    validate,
)

LOOKING = (report, publish, flamegraph, results, query, scale, export, doctor, infra, new)
STORING = (bench, compare, regress, series, survey, claims, soak, selfbench, validate)
COMMANDS: dict[str, Command] = {
    module.COMMAND.name: module.COMMAND
    for module in (bench, *LOOKING, *STORING[1:], cells, cluster)
}
MEASURING = {module.COMMAND.name for module in STORING}  # they store what they measured
