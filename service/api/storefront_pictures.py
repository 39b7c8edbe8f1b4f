"""The demo storefront's pictures: drawn by us, one per kind of product, painted in the product's colour."""

from importlib.resources import files

from service.catalogue.product import Product

PAINT = "#c010c0"
COLOURS = {
    "black": "#39424d",
    "blue": "#2c4f86",
    "green": "#5d8a73",
    "grey": "#7d8792",
    "orange": "#d9772b",
    "red": "#b23a35",
    "sand": "#c9ab7c",
    "white": "#c3ced6",
}
UNPAINTED = "#3f7d6b"


def picture_of(product: Product) -> str:
    """An SVG document."""
    folder = files("service.api") / "static" / "demo" / "pictures"
    drawing = folder / f"{_drawing(product)}.svg"
    if not drawing.is_file():
        drawing = folder / "other.svg"
    return drawing.read_text(encoding="utf-8").replace(PAINT, COLOURS.get(str(product.value("color")), UNPAINTED))


def _drawing(product: Product) -> str:
    if product.category == "city_bike" and product.value("frame_shape") == "diamond":
        return "city_bike_diamond"
    return product.category
