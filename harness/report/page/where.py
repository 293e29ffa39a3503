"""What the figures of a page were measured on, in a line."""

from harness.report.page.select import Selection


def where(found: Selection) -> list[str]:
    """What was measured on, in a few words each."""
    machine = {field.name: field.value for field in found.machine}
    brokers = dict.fromkeys(f"{arm.broker} ({arm.broker_version})" for arm in found.arms)
    pythons = dict.fromkeys(arm.python_version for arm in found.arms)
    topologies = list(dict.fromkeys(arm.topology for arm in found.arms if arm.topology))
    totals = found.totals[0]
    workers = f"workers {topologies[0]}" if len(topologies) == 1 else ""
    cores = f"{machine['cores']} cores" if "cores" in machine else ""
    valid = f"{totals.ok_trials} of {totals.trials} trials valid"
    days = sorted({row.created[:10] for row in found.experiments if row.scenarios_shown})
    told = (", ".join(brokers), f"Python {', '.join(pythons)}", cores, machine.get("cpu_model"))
    return [
        *filter(None, (*told, workers, valid, " to ".join(dict.fromkeys(days[:1] + days[-1:]))))
    ]
