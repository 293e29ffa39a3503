"""What a survey says before it starts and after it ended."""

from harness.cli.exits import Exit
from harness.cli.progress import clock
from harness.experiment.comparison.measured import read_measured
from harness.experiment.survey.survey import Survey
from harness.measure.validity import UNSTEADY
from harness.scenario.catalogue import load_words
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from infrastructure.counted import counted


def show_plan(survey: Survey) -> None:
    say = survey.console.print
    brokers = dict.fromkeys(setup.arm.broker.label for setup in survey.setups)
    profile = survey.setups[0].arm.profile
    say(
        f"[bold]{counted(len(survey.setups), 'arm')} on {', '.join(brokers)}[/] · "
        f"profile {profile} · seed {survey.seed}"
    )
    say(f"  {', '.join(survey.names)}", highlight=False)
    for setup in survey.left_out:
        (described,) = setup.descriptions.values()
        say(f"  [cyan]left out:[/] {setup.arm.framework}, {described.gap}", highlight=False)
    for setup in survey.setups:
        for described in setup.descriptions.values():
            if described.gap:
                say(f"  [cyan]cannot:[/] {survey.name(setup.number)}: {described.gap}")
    loads = ", ".join(map(load_words, survey.loads()))
    say(
        f"{survey.killed.name}, all arms at once; then about "
        f"{counted(survey.fitting_blocks(), 'block')} of {loads}; every arm once a block, in "
        "random order"
    )
    say(
        f"about {clock(survey.planned_s())}, and no block that would end after "
        f"{clock(survey.max_time_s or 0)} → {survey.database} · experiment {survey.id}"
    )


def summarise(survey: Survey) -> Exit:
    """What was run again, and which arms have no figure: NO_VERDICT where there is one."""
    for sentence in survey.redo.said("a trial", survey.typed):
        survey.console.print(f"[bold yellow]{sentence}[/]", highlight=False)
    for sentence in read_measured(survey, Purpose.MEASURE).sentences():
        if UNSTEADY in sentence:
            survey.console.print(f"[yellow]{sentence}[/]", highlight=False)
    asked = {"experiment": survey.id}
    with open_database(survey.database, read_only=True) as connection:
        void = connection.execute(sql("without_figure"), asked).fetchall()
    for scenario, point, arm, reason in void:
        where = f"{survey.name(arm)}, {load_words((scenario, point))}"
        survey.console.print(f"[yellow]no figure:[/] {where}: {reason}", highlight=False)
    return Exit.NO_VERDICT if void else Exit.FINE
