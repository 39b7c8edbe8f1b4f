"""Which attributes the camera shop has, and from which column of the data each is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.cameras import readings
from tests.cameras.readings import Reading

Value = float | str | bool | tuple[str, ...]
Row = Mapping[str, str]

FOCAL_LENGTH = "Focal length (35mm equiv.)"
SLOWEST = "Min. shutter speed"
FASTEST = "Max. shutter speed"

_ONE_SPELLING = str.maketrans({"\u200b": "", "\u2013": "-", "\u00d7": "x"})


@dataclass(frozen=True, slots=True)
class Blank:
    """The data state nothing."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The data state something that cannot be read as a value."""


Cell = Value | Blank | NotUnderstood


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute: the first of `sources` that is not blank is read, with what stands `beside` it."""

    name: str
    kind: Literal["text", "many", "number", "boolean"]
    german: str
    english: str
    sources: tuple[str, ...]
    read: Reading
    unit: str | None = None
    beside: tuple[str, ...] = ()

    def cell(self, row: Row) -> Cell:
        """What a row of the data states."""
        text = next((stated for source in self.sources if (stated := tidy(row[source]))), "")
        if not text:
            return Blank()
        value = self.read(text, *(tidy(row[name]) for name in self.beside))
        return NotUnderstood() if value is None else value


def tidy(text: str) -> str:
    """The text in one spelling: no blanks around it, plain dashes and crosses, no characters that cannot be seen."""
    return text.translate(_ONE_SPELLING).strip()


COLUMNS = (
    Column("brand", "text", "Marke", "Brand", ("Brand",), readings.as_written),
    Column("year", "number", "Jahr", "Year", ("Year",), readings.number),
    Column(
        "megapixels", "number", "Megapixel", "Megapixels", ("Effective megapixels", "Megapixels"), readings.number, "MP"
    ),
    Column("sensor_type", "text", "Sensorart", "Sensor type", ("Sensor type",), readings.plain),
    Column("sensor_width_mm", "number", "Sensorbreite", "Sensor width", ("Sensor size",), readings.sensor_width, "mm"),
    Column("weight_g", "number", "Gewicht", "Weight", ("Weight",), readings.grams, "g"),
    Column("thickness_mm", "number", "Dicke", "Thickness", ("Dimensions",), readings.thickness, "mm"),
    Column(
        "wide_mm",
        "number",
        "Kürzeste Brennweite",
        "Widest angle",
        (FOCAL_LENGTH,),
        readings.shortest_focal_length,
        "mm",
    ),
    Column(
        "tele_mm", "number", "Längste Brennweite", "Longest reach", (FOCAL_LENGTH,), readings.longest_focal_length, "mm"
    ),
    Column(
        "zoom", "number", "Zoomfaktor", "Zoom factor", ("Optical zoom",), readings.zoom_factor, beside=(FOCAL_LENGTH,)
    ),
    Column("aperture_f", "number", "Größte Blende", "Widest aperture", ("Max aperture",), readings.brightest_aperture),
    Column("macro_cm", "number", "Naheinstellung", "Closest focus", ("Macro focus range",), readings.centimetres, "cm"),
    Column(
        "slowest_s",
        "number",
        "Längste Belichtung",
        "Longest exposure",
        (SLOWEST,),
        readings.slowest_shutter,
        "s",
        (FASTEST,),
    ),
    Column(
        "fastest_per_s",
        "number",
        "Kürzeste Belichtung (Kehrwert)",
        "Shortest exposure (reciprocal)",
        (FASTEST,),
        readings.fastest_shutter,
        beside=(SLOWEST,),
    ),
    Column("iso", "number", "Höchste Empfindlichkeit", "Highest sensitivity", ("ISO",), readings.highest_iso),
    Column("screen_in", "number", "Bildschirm", "Screen", ("Screen size",), readings.inches, "in"),
    Column("screen_dots", "number", "Bildpunkte", "Screen dots", ("Screen resolution",), readings.dots),
    Column("viewfinder", "text", "Sucher", "Viewfinder", ("Viewfinder",), readings.viewfinder),
    Column("battery", "many", "Stromversorgung", "Batteries", ("Battery",), readings.batteries),
    Column("card", "many", "Speicher", "Memory", ("Storage types",), readings.cards),
    Column(
        "aperture_by_hand", "boolean", "Blende von Hand", "Aperture by hand", ("Aperture priority",), readings.yes_or_no
    ),
    Column("time_by_hand", "boolean", "Zeit von Hand", "Time by hand", ("Shutter priority",), readings.yes_or_no),
    Column("digital_zoom", "boolean", "Digitalzoom", "Digital zoom", ("Digital zoom",), readings.yes_or_no),
    Column(
        "white_balances",
        "number",
        "Weißabgleiche",
        "White balances",
        ("White balance presets",),
        readings.number,
    ),
    Column("video_lines", "number", "Videozeilen", "Video lines", ("Max. video resolution",), readings.video_lines),
)
