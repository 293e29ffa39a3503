"""A page that says once what its drawings have alike: shapes of markers, styles."""

import re


def sharing(page: str) -> str:
    """The page with each shape of its markers once, and each style of its drawings once, as a
    class. Cells of tables stand without what is between them: a browser would keep each line end
    as a node.
    """
    page, shapes = without_shapes(page)
    page, styles = with_classes(page)
    page = re.sub(r"\s+(?=</?(?:tr|th|td|tbody|thead)\b)", "", page)
    return with_definitions(page, shapes, styles) if styles else page


def without_shapes(page: str) -> tuple[str, dict[str, str]]:
    """The page without its definitions of markers; the path of each by its id."""
    shapes: dict[str, str] = {}

    def shape(found: re.Match[str]) -> str:
        shapes[found[1]] = found[2]
        return ""

    return re.sub(r'<defs><path id="(m\d+)" d="([^"]*)"/></defs>', shape, page), shapes


def with_classes(page: str) -> tuple[str, dict[str, str]]:
    """The page with a class where a drawing had a style; the class of each style."""
    classes: dict[str, str] = {}

    def style(found: re.Match[str]) -> str:
        return f'{found[1]}class="{classes.setdefault(found[2], f"s{len(classes)}")}"'

    return re.sub(r'(<(?:path|use|text) [^>]*?)style="([^"]*)"', style, page), classes


def with_definitions(page: str, shapes: dict[str, str], classes: dict[str, str]) -> str:
    """The page with its styles in its head, and its shapes where nothing hides them."""
    names = {name: f"m{number}" for number, name in enumerate(shapes)}
    page = re.sub(r'href="#(m\d+)"', lambda use: f'href="#{names[use[1]]}"', page)
    defined = "".join(f'<path id="{names[name]}" d="{d}"/>' for name, d in shapes.items())
    rules = "".join(f"svg .{name}{{{style}}}" for style, name in classes.items())
    page = page.replace("</style>", f"{rules}\n</style>", 1)
    hidden = 'aria-hidden="true" width="0" height="0"'
    return page.replace("<body>", f"<body>\n<svg {hidden}><defs>{defined}</defs></svg>", 1)
