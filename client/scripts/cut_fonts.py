# /// script
# requires-python = ">=3.11"
# dependencies = ["brotli==1.2.0", "fonttools==4.68.0"]
# ///
"""Cuts what nearly every page needs out of the two typefaces: few letters, few weights.

Run it after a change of either typeface, or of what `src/ui/fonts.css` says of the cut ones:
`uv run client/scripts/cut_fonts.py`. All other letters come from the typefaces as they are.
"""

import re
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, save_font
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

CLIENT = Path(__file__).parent.parent
RULES = (CLIENT / "src/ui/fonts.css").read_text(encoding="utf-8")
CUT = re.compile(
    r"font-weight: (?P<lightest>\d+) (?P<boldest>\d+);\s*"
    r"src: url\('\./fonts/(?P<typeface>[a-z-]+)\.woff2'\)[^;]+;\s*unicode-range:(?P<letters>[^;]+);"
)


def cut(typeface: str, lightest: float, boldest: float, letters: set[int]) -> None:
    package = CLIENT / "node_modules/@fontsource-variable" / typeface / "files"
    font = TTFont(package / f"{typeface}-latin-wght-normal.woff2", recalcTimestamp=False)
    # Read again: the tables of a font that was narrowed still share parts with those that went.
    narrow = BytesIO()
    instantiateVariableFont(font, {"wght": (lightest, boldest)}).save(narrow)
    font = TTFont(narrow, recalcTimestamp=False)
    options = Options(flavor="woff2", layout_features=["*"], glyph_names=False, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    save_font(font, CLIENT / f"src/ui/fonts/{typeface}.woff2", options)


def code_points(ranges: str) -> set[int]:
    found: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges):
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


for rule in CUT.finditer(RULES):
    cut(
        rule["typeface"],
        float(rule["lightest"]),
        float(rule["boldest"]),
        code_points(rule["letters"]),
    )
