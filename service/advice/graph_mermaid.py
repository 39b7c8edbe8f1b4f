"""The graph of a questionnaire as a Mermaid flowchart, which GitHub and many wikis draw."""

from collections.abc import Iterator

from service.advice.graph import Graph, Node


def mermaid(graph: Graph) -> str:
    """The flowchart's source."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart TD"
    yield f'  title(["{_quoted(graph.title)}"])'
    for place, node in enumerate(graph.nodes):
        yield f"  q{place}{_box(node)}"
    always = [place for place, node in enumerate(graph.nodes) if node.condition is None]
    if always:
        yield f"  title --> q{always[0]}"
    for edge in graph.edges:
        arrow = "-->" if edge.because is None else f'-. "{_quoted(edge.because)}" .->'
        yield f"  q{edge.start} {arrow} q{edge.end}"
    if always:
        yield '  shortlist(["shortlist"])'
        yield f"  q{always[-1]} --> shortlist"


def _box(node: Node) -> str:
    answers = "".join(f"<br/>· {_quoted(option)}" for option in node.options)
    label = f"<b>{_quoted(node.text)}</b><br/>{node.id} ({node.kind}){answers}"
    return f'{{{{"{label}"}}}}' if node.condition else f'["{label}"]'


def _quoted(text: str) -> str:
    """Text that Mermaid takes as it is: its own signs as entities."""
    for sign, entity in (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        text = text.replace(sign, entity)
    return " ".join(text.split())
