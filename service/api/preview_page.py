"""The page at /preview: its own scripts and those of the component that it plays with, each as it is written."""

from importlib.resources import files

from flask import Flask, Response, abort, request

ADDRESS = "/preview"
OWN = ("preview", "compare", "editor", "figures", "graph", "parts", "play", "texts", "wire")
OF_THE_COMPONENT = ("elements", "panels", "products", "questions", "styles", "texts", "wire")
ASSETS = {
    "preview/preview.css": "text/css",
    **{f"preview/{part}.js": "text/javascript" for part in OWN},
    **{f"component/{part}.js": "text/javascript" for part in OF_THE_COMPONENT},
}
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


class PreviewPage:
    """The page and its files; they say nothing that anybody could not read, what they show needs the operator's key."""

    def at(self, app: Flask) -> None:
        """Serve it; it is no part of the API's document."""
        app.add_url_rule(ADDRESS, "preview_page", self.page)
        app.add_url_rule(f"{ADDRESS}/assets/<path:name>", "preview_asset", self.asset)

    def page(self) -> Response:
        """The page, which has no word of its own: its script writes all of it."""
        headers = {"Content-Security-Policy": CONTENT_POLICY, "Referrer-Policy": "no-referrer"}
        return _kept(Response(_read("preview/page.html"), headers=headers, content_type="text/html; charset=utf-8"))

    def asset(self, name: str) -> Response:
        """A script or the style sheet."""
        if name not in ASSETS:
            abort(404)
        return _kept(Response(_read(name), content_type=f"{ASSETS[name]}; charset=utf-8"))


def _read(name: str) -> bytes:
    return files("service.api").joinpath("static", *name.split("/")).read_bytes()


def _kept(found: Response) -> Response:
    """Whoever has it asks whether it changed."""
    found.headers["Cache-Control"] = "no-cache"
    found.add_etag()
    found.make_conditional(request)
    return found
