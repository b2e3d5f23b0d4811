"""All pictures on one page: a row for each thing that is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
body { margin: 2rem; font: 15px/1.4 system-ui; background: #ddd; color: #222 }
h2 { margin: 2rem 0 .5rem; font-size: 1rem }
.row { display: flex; gap: 1rem; align-items: start }
figure { margin: 0 }
img { display: block; width: auto; max-height: 480px; border: 1px solid #999 }
figcaption { font-size: .75rem }
"""


@dataclass(frozen=True)
class Picture:
    """A file in the sheet's folder, and the words below it."""

    file_name: str
    caption: str


def write_contact_sheet(folder: Path, title: str, rows: Mapping[str, Iterable[Picture]]) -> Path:
    """`rows` by what they show, in order."""
    body = "".join(
        f"<h2>{escape(name)}</h2><div class=row>{''.join(map(_figure, pictures))}</div>"
        for name, pictures in rows.items()
    )
    sheet = folder / "index.html"
    sheet.write_text(
        f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{STYLE}</style>{body}",
        encoding="utf-8",
    )
    return sheet


def _figure(picture: Picture) -> str:
    name = escape(picture.file_name)
    return (
        f"<figure><a href='{name}'><img loading=lazy src='{name}'></a>"
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>"
    )
