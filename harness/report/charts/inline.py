"""A panel as an inline SVG element of a page: lean, since a page has hundreds of them.

Colours become CSS variables and ink becomes currentColor, so that one drawing serves light and dark
pages. What a drawing says twice it says once, and what shows nothing is left out: a browser reads
every element before it shows the first. ``sharing`` does the same for a whole page.
"""

import io
import re
from collections.abc import Iterable
from html import escape
from zlib import crc32

import matplotlib as mpl
from matplotlib.figure import Figure

from harness.report.charts.charts import COLOURS, INK, RULE, STYLE, WIDTH, Panel

NUMBER = re.compile(r"-?[\d.]+")


def svg(panel: Panel, name: str) -> str:
    """The panel as an inline SVG element; ``name`` keeps its ids apart from other panels'."""
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(WIDTH / 72, panel.height / 72), dpi=72, layout="constrained")
        axes = figure.add_subplot()
        panel.draw(axes)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
        (_, top), (_, below) = axes.transData.transform([(0, 0), (0, -1)])
    return inline(drawn.getvalue(), panel, top - below)


def inline(drawn: str, panel: Panel, pitch: float) -> str:
    """The drawn file as an element of a page: no prologue, no page-wide style, our variables.
    ``pitch``: px from one row to the next, of a chart that has rows.
    """
    text = drawn[drawn.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="(every|some) ([\d ]*)\|(-?\d+)\|([^"]*)">', marked, text)
    text = re.sub(r">\s+<", "><", text)  # a browser keeps every indent as a node: half of them all
    text = re.sub(r'<g id="[^"]*"', "<g", text)  # the same in every panel, and never referred to
    text = unclipped(text.replace("xlink:href", "href"))
    text = re.sub(r'<path [^>]*style="fill: none"/>', "", text)
    text = "".join(grouped(text))
    text = re.sub(r' (?:d|x|y|width|height|transform)="([^"]*)"', shortened, text)
    # the page says these itself, for all of them
    text = re.sub(r"; (font-family: 'DejaVu Sans'|stroke-line(cap: square|join: miter))", "", text)
    text = text.replace(INK, "currentColor").replace(RULE, "var(--rule)")
    for index, value in enumerate(COLOURS, 1):
        text = text.replace(value, f"var(--arm-{index})")
    text = same_ids(text)
    rows = f'data-pitch="{pitch:.2f}" ' if " data-row=" in text else ""
    opening = (
        f'<svg {rows}role="img" aria-label="{escape(panel.words)}" width="{WIDTH}" '
        f'height="{panel.height}" viewBox="0 0 {WIDTH} {panel.height}">'
    )
    return opening + text[text.index(">") + 1 :].strip()


def marked(found: re.Match[str]) -> str:
    """The group of an artist that ``charts.mark`` marked."""
    which, arms, row, words = found.groups()
    place = "" if row == "-1" else f' data-row="{row}"'
    return f'<g data-{which}="{arms}"{place}>' + (f"<title>{words}</title>" if words else "")


def unclipped(text: str) -> str:
    """Without clips that cut nothing: almost all, since axes hold what is drawn in them."""
    found = re.search(
        r'<clipPath id="\w+"><rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/></clipPath>',
        text,
    )
    if found is None:
        return text
    left, top, width, height = map(float, found.groups())

    def fits(places: Iterable[str]) -> bool:
        numbers = [float(place) for place in places]
        inside = zip(numbers[::2], numbers[1::2], strict=True)
        return all(
            left - 1 <= x <= left + width + 1 and top - 1 <= y <= top + height + 1
            for x, y in inside
        )

    text = re.sub(
        r'(<path d="([^"]*)") clip-path="[^"]*"',
        lambda path: path[1] if fits(NUMBER.findall(path[2])) else path[0],
        text,
    )
    text = re.sub(
        r'<g clip-path="[^"]*">((?:<use [^>]*/>)*)</g>',
        lambda uses: uses[1] if fits(re.findall(r' [xy]="([^"]*)"', uses[1])) else uses[0],
        text,
    )
    return text if "url(#" in text else text.replace(f"<defs>{found[0]}</defs>", "")


def grouped(text: str) -> Iterable[str]:
    """Its parts without groups that say nothing; neighbours of one mark become one group."""
    parts: list[str] = []
    openings: list[str] = []  # of the groups around; empty: left out
    closed = ""  # the opening of the group that ends here
    for tag, title in re.findall(r"(<[^>]+>[^<]*)(<title>.*?</title>)?", text):
        if tag == "<g/>":
            continue
        if tag == "</g>":
            opening = openings.pop()
            if opening:
                parts.append(tag)
                closed = opening
        elif tag.startswith("<g"):
            opening = "" if tag == "<g>" else tag + title
            openings.append(opening)
            if opening and opening == closed:
                parts.pop()  # its end
            elif opening:
                parts.append(opening)
            closed = "" if opening else closed
        else:
            parts.append(tag + title)
            closed = ""
    return parts


def shortened(found: re.Match[str]) -> str:
    """A place in a drawing to a tenth of a px; a path of lines from each point to the next."""
    text = found[0]
    if "rotate(-0 " in text:
        return ""
    if text.startswith(' d="'):
        return f' d="{lines(found[1])}"' if not re.search("[CQ]", text) else rounded(text, 2)
    return rounded(text, 1)


def rounded(text: str, digits: int) -> str:
    text = re.sub(r"-?\d+\.\d+", lambda n: plain(round(float(n[0]), digits)), text)
    return re.sub(r"\s*([A-Za-z])\s+", r"\1", text) if text.startswith(' d="') else text


def plain(value: float) -> str:
    """Without a zero that says nothing."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{value + 0.0:g}")


def lines(path: str) -> str:
    """A path of lines, each from the end of the one before. Tenths of a px are whole numbers here,
    so that no error adds up along the path.
    """
    parts, here, before = [], (0, 0), ""
    for letter, places in re.findall(r"([MLz])([^MLz]*)", path):
        if letter == "z":
            parts.append("z")
            before = "z"
            continue
        x, y = (round(10 * float(place)) for place in places.split())
        sign, step = ("M", [x, y]) if letter == "M" else stepped(x - here[0], y - here[1])
        parts += ["" if sign == before else sign, " ".join(plain(n / 10) for n in step), " "]
        here, before = (x, y), sign
    return re.sub(r" (?=[-a-zM]|$)", "", "".join(parts))


def stepped(across: int, down: int) -> tuple[str, list[int]]:
    """The shortest command of a path for a step."""
    if down == 0:
        return "h", [across]
    return ("v", [down]) if across == 0 else ("l", [across, down])


def same_ids(text: str) -> str:
    """A shape of markers has the same id in all drawings. What its definition says of its stroke,
    each use of it says too.
    """
    for old, path in re.findall(r'<defs><path id="(\w+)" d="([^"]*)"', text):
        new = f"m{crc32(path.encode())}"
        text = re.sub(f'(<path id="){old}(" d="[^"]*")[^>]*/>', rf"\g<1>{new}\g<2>/>", text)
        text = text.replace(f'"#{old}"', f'"#{new}"')
    return text


def sharing(page: str) -> str:
    """The page with each shape of its markers once, and each style of its drawings once, as a
    class. The shapes stand where nothing hides them. Cells of tables stand without what is between
    them: a browser would keep each line end as a node.
    """
    shapes: dict[str, str] = {}
    styles: dict[str, str] = {}

    def shape(found: re.Match[str]) -> str:
        shapes[found[1]] = found[2]
        return ""

    def style(found: re.Match[str]) -> str:
        return f'{found[1]}class="{styles.setdefault(found[2], f"s{len(styles)}")}"'

    page = re.sub(r'<defs><path id="(m\d+)" d="([^"]*)"/></defs>', shape, page)
    page = re.sub(r'(<(?:path|use|text) [^>]*?)style="([^"]*)"', style, page)
    page = re.sub(r"\s+(?=</?(?:tr|th|td|tbody|thead)\b)", "", page)
    if not styles:
        return page
    names = {name: f"m{number}" for number, name in enumerate(shapes)}
    page = re.sub(r'href="#(m\d+)"', lambda use: f'href="#{names[use[1]]}"', page)
    defined = "".join(f'<path id="{names[name]}" d="{d}"/>' for name, d in shapes.items())
    rules = "".join(f"svg .{name}{{{style}}}" for style, name in styles.items())
    page = page.replace("</style>", f"{rules}\n</style>", 1)
    hidden = 'aria-hidden="true" width="0" height="0"'
    return page.replace("<body>", f"<body>\n<svg {hidden}><defs>{defined}</defs></svg>", 1)
