"""The README lists every setting that a service reads, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = {
    "backend_server/src": "*.py",
    "mailer/src": "*.py",
    "local_stack/src": "*.py",
    "heavy_computation/src": "*.rs",
}
# How each service's reader of the environment is called with a variable's name.
READS_A_SETTING = re.compile(
    r"""(?x)
    (?: environment\.\w+ | \.required | \.secret | \.get | read_port | read_address | _read_secret )
    \( \s* (?:variables,\s*)? "([A-Z]+(?:_[A-Z]+)+)" | let\ name\ =\ "([A-Z_]+)"
    """
)
# Conventions of terminals and processes, not settings of ours.
NOT_OURS = {
    "NO_COLOR",
    "HTTP_X_REQUEST_ID",
    "HTTP_TRACEPARENT",
    "REMOTE_ADDR",
    "REQUEST_METHOD",
    "PATH_INFO",
    "CONTENT_LENGTH",
}


def settings_in_the_code() -> set[str]:
    files = (path for folder, pattern in SOURCES.items() for path in (ROOT / folder).rglob(pattern))
    names = (
        name
        for path in files
        for match in READS_A_SETTING.findall(path.read_text())
        for name in match
    )
    return {name.removesuffix("_FILE") for name in names if name} - NOT_OURS


def settings_in_the_readme() -> set[str]:
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (`[A-Z].*?) \|", readme, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_the_readme_lists_every_setting_and_no_other() -> None:
    assert settings_in_the_readme() == settings_in_the_code()
