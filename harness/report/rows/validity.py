"""What the figures rest on: trials that are not ok, remarks, settings, the harness itself."""

from harness.report.rows.row import row

LONG = 160  # characters of a sentence in a cell


@row
class Told:
    """A trial and what is told of it: why it is not ok, or a remark."""

    trial_id: str
    experiment_id: str
    arm: int
    label: str
    scenario: str
    point: str
    purpose: str
    status: str
    words: str


@row
class SettingsRead:
    """Readings of an arm's settings that agree with what was asked, differ, or are missing."""

    arm: int
    label: str
    settings: int
    names: str
    agree: int
    differ: int
    unread: int


@row
class SettingDifference:
    arm: int
    label: str
    name: str
    asked: str
    effective: str
    trials: int


@row
class EffectiveSetting:
    arm: int
    label: str
    name: str
    effective: str
    asked: bool


@row
class SelfbenchFigure:
    """``remarks``: the aims that the selfbench missed, None where it met all."""

    name: str
    value: float
    unit: str
    remarks: str | None
    day: str


@row
class Proof:
    """A check of ``validate``: what was found against its bar."""

    name: str
    found: float
    unit: str
    bar: float
    at_most: bool
    passed: bool
    seconds: float
    sentence: str
    day: str
    size: str

    @property
    def parts(self) -> list[str]:
        """The sentence; one that is too long for a cell in its parts."""
        return [self.sentence] if len(self.sentence) <= LONG else self.sentence.split("; ")
