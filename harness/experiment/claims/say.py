"""What a measurement of claims says before it starts."""

from harness.cli.progress import clock
from harness.experiment.claims.claims import Claims


def show_plan(claims: Claims) -> None:
    say = claims.console.print
    say(f"[bold]{len(claims.sides)} arms at their loads[/] · seed {claims.seed}")
    for number, bundle in enumerate(claims.bundles, 1):
        say(f"  bundle {number}, side by side in every block:", highlight=False)
        for side in bundle:
            say(f"    {claims.names[side]}: {claims.sides[side].load}", highlight=False)
    say(
        f"{claims.blocks} blocks of each, about {clock(claims.planned_s())} in all; no block that "
        f"would end after {clock(claims.max_time_s or 0)} → {claims.database} · experiment "
        f"{claims.id}"
    )
