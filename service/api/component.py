"""The web components as one ES module: the parts as they are written, put one after the other, without any build."""

import gzip
import re
from importlib.resources import files

from flask import Flask, Response, request

ADDRESS = "/begleiter.js"
ON_DEMAND = {"/begleiter-qr.js": "qr"}
PARTS = (
    "elements",
    "texts",
    "wire",
    "memory",
    "shopper",
    "dialogue",
    "styles",
    "questions",
    "products",
    "panels",
    "handover",
    "base",
    "choice",
    "consent",
    "advisor",
    "begleiter",
)
COMMENTS = re.compile(r"/\*\*.*?\*/ ?|(?:^|\s+)// [^\n]*$", re.DOTALL | re.MULTILINE)
IMPORTS = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)
EXPORTS = re.compile(r"^export (?=(?:async )?(?:class|const|function)\b)", re.MULTILINE)
MARGINS = re.compile(r"\s*\n\s*")
AN_HOUR = "public, max-age=3600"


class Component:
    """A module, joined once; anybody's page may load it, and asks again after an hour whether it changed."""

    def __init__(self, address: str, text: str) -> None:
        self._address = address
        self._plain = text.encode()
        self._packed = gzip.compress(self._plain, 9, mtime=0)

    def at(self, app: Flask) -> None:
        """Serve it; it is no part of the API's document."""
        app.add_url_rule(self._address, f"component {self._address}", self.module)

    def module(self) -> Response:
        """The module, compressed for whoever takes it so."""
        packed = request.accept_encodings["gzip"] > 0
        found = Response(self._packed if packed else self._plain, content_type="text/javascript; charset=utf-8")
        if packed:
            found.headers["Content-Encoding"] = "gzip"
        found.headers |= {
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": AN_HOUR,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Accept-Encoding",
        }
        found.add_etag()
        found.make_conditional(request)
        return found


def components() -> tuple[Component, ...]:
    """The module of the elements, and those that it loads when they are wanted."""
    rare = (Component(address, _bare(part, COMMENTS)) for address, part in ON_DEMAND.items())
    return (Component(ADDRESS, one_module()), *rare)


def one_module() -> str:
    """All parts in an order in which none needs a later one while it loads, without comments and margins."""
    return "\n".join(_bare(part, IMPORTS, EXPORTS, COMMENTS) for part in PARTS)


def _bare(name: str, *dropped: re.Pattern[str]) -> str:
    part = (files("service.api") / "static" / "component" / f"{name}.js").read_text(encoding="utf-8")
    for drop in dropped:
        part = drop.sub("", part)
    return MARGINS.sub("\n", part).strip()
