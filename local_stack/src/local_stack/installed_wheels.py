"""The folders of installed packages whose programs we run, without importing their code."""

from importlib.util import find_spec
from pathlib import Path


def folder_of(package: str) -> Path:
    """
    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"The package {package} is not installed.", name=package)
    return Path(spec.origin).parent
