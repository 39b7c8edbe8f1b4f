"""Every reading understands the spellings that occur in the data, and refuses what it cannot be sure of."""

import pytest

from tests.cameras import readings
from tests.cameras.columns import COLUMNS, Blank, NotUnderstood, tidy

CASES = [
    (readings.yes_or_no, "Yes", True),
    (readings.yes_or_no, "No", False),
    (readings.yes_or_no, "Maybe", None),
    (readings.plain, "CMOS", "cmos"),
    (readings.as_written, "Konica-Minolta", "Konica-Minolta"),
    (readings.number, "2010", 2010),
    (readings.number, "10.1", 10.1),
    (readings.number, "ten", None),
    (readings.grams, "180 g", 180),
    (readings.grams, "1.2 kg", None),
    (readings.centimetres, "50 cm", 50),
    (readings.centimetres, "near", None),
    (readings.inches, '2.36"', 2.36),
    (readings.inches, '2,5"', 2.5),
    (readings.inches, '3"', 3),
    (readings.inches, "3", None),
    (readings.thickness, "96 x 61 x 29 mm", 29),
    (readings.thickness, "97,7 x 22,8 x 59,5 mm", 22.8),
    (readings.thickness, "122.7\u00d788.6\u00d7122.6 mm", 88.6),
    (readings.thickness, "124 x 72.1 x 46.8  mm", 46.8),
    (readings.thickness, "86 x 20.5 x mm", None),
    (readings.thickness, "93.5 x 61 x .28.5 mm", None),
    (readings.thickness, "106 x 62.3 x 20. mm", None),
    (readings.thickness, "54 x 86 x 1.5 mm", None),
    (readings.sensor_width, '1/2.3" (~ 6.16 x 4.62 mm)', 6.16),
    (readings.sensor_width, '1/1.6" (~ 8 x 6 mm)', 8),
    (readings.sensor_width, "Four Thirds (17.3 x 13 mm)", 17.3),
    (readings.sensor_width, "35.9 x 24 mm", 35.9),
    (readings.sensor_width, '1/2.3"', None),
    (readings.shortest_focal_length, "37 - 222 mm", 37),
    (readings.longest_focal_length, "37 - 222 mm", 222),
    (readings.shortest_focal_length, "25-300 mm", 25),
    (readings.longest_focal_length, "28 -140 mm", 140),
    (readings.longest_focal_length, "27  -  135 mm", 135),
    (readings.shortest_focal_length, "22.5 - 855 mm", 22.5),
    (readings.shortest_focal_length, "35 mm", 35),
    (readings.longest_focal_length, "35 mm", 35),
    (readings.shortest_focal_length, "37 - 35 mm", None),
    (readings.longest_focal_length, "37 - 35 mm", None),
    (readings.longest_focal_length, "other mm", None),
    (readings.brightest_aperture, "f2.8 - f4.8", 2.8),
    (readings.brightest_aperture, "f2", 2),
    (readings.brightest_aperture, "f3 - f 6.9", 3),
    (readings.brightest_aperture, "3.4 - f4.3", 3.4),
    (readings.brightest_aperture, "f2.8 - 6.3", 2.8),
    (readings.brightest_aperture, "bright", None),
    (readings.seconds, "4 sec", 4),
    (readings.seconds, "1.5 sec", 1.5),
    (readings.seconds, "1/2 sec", 0.5),
    (readings.seconds, "Bulb+30 sec", 30),
    (readings.seconds, "Bulb +1 sec", 1),
    (readings.seconds, "bulb+30 sec", 30),
    (readings.seconds, "B+ 480 sec", 480),
    (readings.seconds, "Bulb+16min sec", 960),
    (readings.seconds, "8min sec", 480),
    (readings.seconds, "1-3200 sec", None),
    (readings.seconds, "0 sec", None),
    (readings.highest_iso, "Auto, 80, 100, 200, 400", 400),
    (readings.highest_iso, "100", 100),
    (readings.highest_iso, "Auto, 125-12800 (extends to 64-51200)", 12800),
    (readings.highest_iso, "80\u20131600 (3200 when Auto)", 1600),
    (readings.highest_iso, "Auto, (64 - 400)", 400),
    (readings.highest_iso, "Auto, Hi Auto, (1600-6400), 100, 200, 400, 800, 1600. 3200", 3200),
    (readings.highest_iso, "100 - 3200 in 1/3 stops, plus 50 and 6400", 3200),
    (readings.highest_iso, "80 - 640, At lower resolutions ISO 800", 640),
    (readings.highest_iso, "100 - 6400, Hi 1 (eq. to 12800)", 6400),
    (readings.highest_iso, "200/400", 400),
    (readings.highest_iso, "Auto", None),
    (readings.highest_iso, "Auto, 100-25600, expandable to 51200", None),
    (readings.highest_iso, "Auto, 100, 200, 12800, 25600 with boost)", None),
    (readings.dots, "230,000 dots", 230_000),
    (readings.dots, "1,040,000 dots", 1_040_000),
    (readings.dots, "234.000 dots", 234_000),
    (readings.dots, "74400 dots", 74_400),
    (readings.dots, "640 x 480 dots", None),
    (readings.dots, "115 dots", None),
    (readings.dots, "1,152 dots", None),
    (readings.video_lines, "3840x2160 (30p/\u200b25p)", 2160),
    (readings.video_lines, "1920 x 1080 (30p)", 1080),
    (readings.video_lines, "1920\u00d71080 (25p/24p)", 1080),
    (readings.video_lines, "4K", None),
    (readings.viewfinder, "Optical (tunnel)", "optical"),
    (readings.viewfinder, "Optical (pentamirror)", "mirror"),
    (readings.viewfinder, "Electronic", "electronic"),
    (readings.viewfinder, "Electronic and Optical (tunnel)", "both"),
    (readings.viewfinder, "Electronic (optional)", "optional"),
    (readings.viewfinder, "Periscope", None),
    (readings.batteries, "Li-Ion", ("lithium_ion",)),
    (readings.batteries, "Lithium-Ion NB-5L battery", ("lithium_ion",)),
    (readings.batteries, "InfoLithium (NP-FM50)", ("lithium_ion",)),
    (readings.batteries, "Rechargeable Battery Pack NP-BX1", ("lithium_ion",)),
    (readings.batteries, "AA (2) batteries (NiMH recommended)", ("aa",)),
    (readings.batteries, "2x AAA", ("aaa",)),
    (readings.batteries, "1x CR-V3, 2x AA", ("aa", "disposable_lithium")),
    (readings.batteries, "NP-E3 Ni-MH battery", None),
    (readings.batteries, "BP70A", ("lithium_ion",)),
    (readings.batteries, "NiMH accu", None),
    (readings.cards, "SDHC, Secure Digital", ("sd",)),
    (readings.cards, "SD/SDHC/SDXC", ("sd",)),
    (readings.cards, "microSD/microSDHC/microSDXC", ("small_sd",)),
    (readings.cards, "micro SD/micro SDHC/micro SDXC", ("small_sd",)),
    (readings.cards, "miniSD", ("small_sd",)),
    (readings.cards, "MultiMedia, Secure Digital", ("sd", "multimedia")),
    (readings.cards, "CompactFlash type I, Microdrive", ("compact_flash",)),
    (readings.cards, "xD-Picture Card, microSD, internal", ("small_sd", "xd", "internal")),
    (readings.cards, "SD/SDHC/SDXC/MS Pro Duo", ("sd", "memory_stick")),
    (readings.cards, "SmartMedia", ("smart_media",)),
    (readings.cards, "CFexpress Type B / XQD", ("cf_express",)),
    (readings.cards, "32 GB on-board memory", ("internal",)),
    (readings.cards, 'Disk 3.5", MemoryStick via adapter', ("memory_stick", "disc_or_disk")),
    (readings.cards, "punched tape", None),
]


@pytest.mark.parametrize(("read", "text", "value"), CASES, ids=[f"{case[0].__name__}: {case[1]}" for case in CASES])
def test_a_spelling_means_what_it_says_or_nothing(read, text, value):
    assert read(tidy(text)) == value


@pytest.mark.parametrize(
    ("text", "focal_length", "factor"),
    [
        ("3.6x", "", 3.6),
        ("No", "35 mm", 1),
        ("Yes", "37 - 222 mm", 6),
        ("Yes", "", None),
        ("Yes", "other mm", None),
        ("0.9x", "28 - 140 mm", None),
    ],
)
def test_a_zoom_without_a_factor_is_what_the_focal_lengths_say(text, focal_length, factor):
    assert readings.zoom_factor(text, focal_length) == factor


def test_two_shutter_times_that_contradict_each_other_are_both_missing():
    assert readings.slowest_shutter("30 sec", "1/4000 sec") == 30
    assert readings.fastest_shutter("1/4000 sec", "30 sec") == 4000

    assert readings.slowest_shutter("1/8000 sec", "60 sec") is None
    assert readings.fastest_shutter("60 sec", "1/8000 sec") is None


def test_a_shutter_time_alone_is_believed():
    assert readings.slowest_shutter("1/2 sec", "") == 0.5
    assert readings.fastest_shutter("1/2000 sec", "") == 2000


def test_blank_and_not_understood_are_told_apart():
    weight = next(column for column in COLUMNS if column.name == "weight_g")

    assert weight.cell({"Weight": " "}) == Blank()
    assert weight.cell({"Weight": "light"}) == NotUnderstood()
    assert weight.cell({"Weight": "180 g"}) == 180


def test_the_first_source_that_states_something_counts():
    megapixels = next(column for column in COLUMNS if column.name == "megapixels")

    assert megapixels.cell({"Effective megapixels": "", "Megapixels": "12.2"}) == 12.2
    assert megapixels.cell({"Effective megapixels": "10.1", "Megapixels": "10.4"}) == 10.1
