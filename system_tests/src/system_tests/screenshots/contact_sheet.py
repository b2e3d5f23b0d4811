"""All pictures on one page: a row for each view, a column for each width and theme."""

from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path

from system_tests.screenshots.camera import Shot

STYLE = """
body { margin: 2rem; font: 15px/1.4 system-ui; background: #ddd; color: #222 }
h2 { margin: 2rem 0 .5rem; font-size: 1rem }
.row { display: flex; gap: 1rem; align-items: start }
figure { margin: 0 }
img { display: block; width: auto; max-height: 480px; border: 1px solid #999 }
figcaption { font-size: .75rem }
"""


def write_contact_sheet(folder: Path, shots: Iterable[Shot]) -> Path:
    rows = [
        f"<h2>{escape(name)}</h2><div class=row>{''.join(map(_figure, group))}</div>"
        for name, group in groupby(shots, lambda shot: shot.view.name)
    ]
    sheet = folder / "index.html"
    sheet.write_text(
        f"<!doctype html><meta charset=utf-8><title>Every page</title><style>{STYLE}</style>"
        + "".join(rows),
        encoding="utf-8",
    )
    return sheet


def _figure(shot: Shot) -> str:
    return (
        f"<figure><a href='{shot.file_name}'><img loading=lazy src='{shot.file_name}'></a>"
        f"<figcaption>{shot.width} px, {shot.theme}</figcaption></figure>"
    )
