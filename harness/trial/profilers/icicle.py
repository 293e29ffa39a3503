"""Folded stacks as an SVG that needs nothing but a browser."""

import hashlib
import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

WIDTH = 1200
ROW = 17
MARGIN = 24
LEAST_PX = 0.4  # narrower frames are left out: they cannot be seen


@dataclass
class Node:
    """A frame and what was called from it."""

    value: int = 0
    children: dict[str, "Node"] = field(default_factory=dict)


def tree(stacks: Mapping[str, int]) -> Node:
    root = Node()
    for frames, value in stacks.items():
        node = root
        node.value += value
        for frame in frames.split(";"):
            node = node.children.setdefault(frame, Node())
            node.value += value
    return root


def depth(node: Node) -> int:
    return 1 + max((depth(child) for child in node.children.values()), default=0)


def colour(frame: str) -> str:
    """Warm, and the same for the same module in every graph."""
    module = frame.partition(" (")[2] or frame
    shade = hashlib.sha256(module.encode()).digest()[0]
    return f"hsl({20 + shade % 36}, 75%, {62 + shade % 13}%)"


def svg(stacks: Mapping[str, int], title: str, unit: str) -> str:
    """An icicle of the stacks: outermost frame on top, width by share, text in each wide frame."""
    root = tree(stacks)
    height = depth(root) * ROW + 2 * MARGIN
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            'font-family="monospace" font-size="11">'
        ),
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fdfcf8"/>',
        f'<text x="8" y="16" font-size="13">{html.escape(title)}: {root.value:,} {unit}</text>',
    ]
    scale = WIDTH / max(root.value, 1)
    parts += boxes(root, 0.0, MARGIN, scale, root.value, unit)
    return "\n".join([*parts, "</svg>"])


def boxes(node: Node, x: float, y: int, scale: float, total: int, unit: str) -> Iterable[str]:
    for name, child in sorted(node.children.items()):
        width = child.value * scale
        if width >= LEAST_PX:
            share = 100 * child.value / total
            tip = html.escape(f"{name}: {child.value:,} {unit} ({share:.1f} %)")
            letters = int(width / 6.8)
            label = html.escape(name if len(name) <= letters else name[: max(letters - 1, 0)] + "…")
            text = f'<text x="{x + 3:.1f}" y="{y + 12}">{label}</text>' if letters > 3 else ""
            yield (
                f'<g><title>{tip}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" '
                f'height="{ROW - 1}" fill="{colour(name)}" rx="1"/>{text}</g>'
            )
            yield from boxes(child, x, y + ROW, scale, total, unit)
        x += width
