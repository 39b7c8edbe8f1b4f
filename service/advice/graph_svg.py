"""The graph of a questionnaire drawn as SVG: questions from top to bottom, conditional ones set in, arrows at the side.

Each arrow runs in a lane of its own left of the boxes as long as another one is under way there.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from service.advice.graph import Edge, Graph, Node

BOX = 380
SET_IN = 60
LINE = 18
PADDING = 12
GAP = 34
LANE = 14
LETTERS = 50
"""Letters in a line of a box at this width."""

_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1b1b}.q{font-weight:600}.k{fill:#5a5a5a;font-size:12px}"
    ".c{fill:#8a4b00;font-size:12px}rect{fill:#fff;stroke:#3b5b8c;stroke-width:1.5;rx:8}.i rect{stroke:#b36b00;"
    "stroke-dasharray:5 3}path{fill:none;stroke:#3b5b8c;stroke-width:1.5}.d{stroke:#b36b00;stroke-dasharray:5 3}"
)


@dataclass(frozen=True, slots=True)
class _Box:
    """A question with its place on the page and its lines, each with a style."""

    x: int
    y: int
    lines: tuple[tuple[str, str], ...]
    conditional: bool

    @property
    def height(self) -> int:
        return 2 * PADDING + LINE * len(self.lines)


def svg(graph: Graph) -> str:
    """The drawing, complete in itself."""
    lanes = _lanes([edge for edge in graph.edges if edge.because is not None])
    left = 20 + LANE * (max(lanes.values(), default=0) + 1)
    boxes = _placed(graph.nodes, left)
    height = boxes[-1].y + boxes[-1].height + 20 if boxes else 80
    width = left + SET_IN + BOX + 20
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="{escape(graph.title)}">'
        ),
        f"<title>{escape(graph.title)}</title><style>{_STYLE}</style>",
        (
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            'orient="auto"><polygon points="0,0 10,5 0,10" fill="#3b5b8c"/></marker></defs>'
        ),
        f'<text class="q" x="{left}" y="28">{escape(graph.title)}</text>',
        *(_arrow(edge, boxes, lanes, left) for edge in graph.edges),
        *(_drawn(box) for box in boxes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _placed(nodes: Sequence[Node], left: int) -> list[_Box]:
    boxes: list[_Box] = []
    y = 48
    for node in nodes:
        conditional = node.condition is not None
        box = _Box(left + (SET_IN if conditional else 0), y, tuple(_lines(node)), conditional)
        boxes.append(box)
        y += box.height + GAP
    return boxes


def _lines(node: Node) -> Iterator[tuple[str, str]]:
    if node.condition is not None:
        yield from ((line, "c") for line in textwrap.wrap(f"only if {node.condition}", LETTERS))
    yield from ((line, "q") for line in textwrap.wrap(node.text, LETTERS))
    yield f"{node.id} ({node.kind})", "k"
    for option in node.options:
        yield from ((line, "") for line in textwrap.wrap(f"• {option}", LETTERS, subsequent_indent="  "))


def _drawn(box: _Box) -> str:
    x, top = box.x + PADDING, box.y + PADDING + LINE - 5
    texts = "".join(
        f'<text class="{style}" x="{x}" y="{top + LINE * number}">{escape(line)}</text>'
        for number, (line, style) in enumerate(box.lines)
    )
    kind = "i" if box.conditional else "a"
    return f'<g class="{kind}"><rect x="{box.x}" y="{box.y}" width="{BOX}" height="{box.height}"/>{texts}</g>'


def _arrow(edge: Edge, boxes: Sequence[_Box], lanes: dict[Edge, int], left: int) -> str:
    start, end = boxes[edge.start], boxes[edge.end]
    if edge.because is None:
        x = left + 24
        return f'<path d="M{x} {start.y + start.height} V{end.y}" marker-end="url(#tip)"/>'
    lane = left - LANE * (lanes[edge] + 1)
    begin, stop = start.y + start.height // 2, end.y + end.height // 2
    line = f"M{start.x} {begin} H{lane} V{stop} H{end.x}"
    return f'<path class="d" d="{line}" marker-end="url(#tip)"><title>{escape(edge.because)}</title></path>'


def _lanes(edges: Sequence[Edge]) -> dict[Edge, int]:
    """For each arrow the first lane in which no other is under way; short ones stay next to the boxes."""
    taken: dict[Edge, int] = {}
    for edge in sorted(edges, key=lambda each: (each.end - each.start, each.start)):
        busy = {lane for other, lane in taken.items() if other.start < edge.end and edge.start < other.end}
        taken[edge] = next(lane for lane in range(len(edges) + 1) if lane not in busy)
    return taken
