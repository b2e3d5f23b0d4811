"""The documents say what is true: paths exist, links lead somewhere, every setting is listed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *(
        ROOT / part / "README.md"
        for part in ("backend_server", "client", "heavy_computation", "local_stack", "mailer")
    ),
]
LOCAL_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_local_link_leads_to_something(document: Path) -> None:
    targets = LOCAL_LINK.findall(document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = ROOT / "docs/decisions"
    listed = set(LOCAL_LINK.findall((folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_every_top_level_folder_has_a_section_in_the_architecture() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text()
    folders = [
        path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
    ]
    assert [folder for folder in folders if f"`{folder}/`" not in architecture] == []
