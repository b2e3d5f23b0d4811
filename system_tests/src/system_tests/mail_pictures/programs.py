"""The mail programs that mails are looked at in, as far as they differ in what they show."""

from dataclasses import dataclass
from typing import Literal

# What many programs leave out: pictures, of which ours are all CSS backgrounds.
WITHOUT_IMAGES = "* { background-image: none !important }"
REMOVE_STYLES = "document.querySelectorAll('style').forEach(each => each.remove())"


@dataclass(frozen=True)
class Program:
    """A window onto a mail; widths are in CSS pixels."""

    name: str
    width: int
    theme: Literal["light", "dark"] = "light"
    shows_images: bool = True
    # Some drop the whole of `<style>`, and with it the dark colours and the narrow layout.
    reads_styles: bool = True


PROGRAMS = (
    Program("light", 720),
    Program("dark", 720, "dark"),
    Program("phone", 360),
    Program("phone, dark", 360, "dark"),
    Program("without images", 720, shows_images=False),
    Program("without styles or images", 360, shows_images=False, reads_styles=False),
)
