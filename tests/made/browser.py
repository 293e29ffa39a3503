"""A page as a browser has it."""

import re
import shutil

from playwright.sync_api import Page

from tests.conftest import missing

WIDE, PHONE = {"width": 1300, "height": 900}, {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str:
    """The program; without one the test is skipped here, and fails in CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("chromium")
    return found or ""


class Visit:
    """The page as a browser has it, with all that it complained of and asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(address)

    def tick(self, facet: str, *values: str) -> None:
        self.page.locator(".filter details").evaluate("(element) => { element.open = true }")
        for value in values:
            self.page.check(f'.filter input[name="{facet}"][value="{value}"]')

    def shown(self, selector: str) -> list[str]:
        """The words of what a reader sees of it."""
        found = self.page.locator(selector).all()
        return [
            " ".join((each.text_content() or "").split()) for each in found if each.is_visible()
        ]

    @property
    def status(self) -> str:
        return " ".join(self.shown(".filter [role=status]"))

    def column(self) -> list[str]:
        """Headings of the overview, the first aside."""
        return [re.sub(r"^\W+", "", words) for words in self.shown(".matrix thead th")[1:]]
