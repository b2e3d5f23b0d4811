"""`python -m supply_chain.bill_of_materials FOLDER`: CycloneDX for each image, and licences."""

import re
import sys
from collections import defaultdict
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from supply_chain.parts import ROOT, Part, parts_of_images


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    images = parts_of_images()
    for image, parts in images.items():
        (folder / f"{image}.cdx.json").write_text(document(image, parts))
        print(f"{image:<18} {len(parts):>4} parts  {folder / image}.cdx.json")
    licences = folder / "licences.md"
    licences.write_text(licence_list(images))
    print(f"{'licences':<18} {'':>10}  {licences}")


def document(image: str, parts: list[Part]) -> str:
    """CycloneDX 1.6, checked against its schema."""
    bom = Bom(components=map(component, parts))
    bom.metadata.component = Component(
        name=f"decoupled/{image}", version=version(), type=ComponentType.CONTAINER, bom_ref=image
    )
    bom.register_dependency(bom.metadata.component, bom.components)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"{image}: {error}")
    return text


def component(part: Part) -> Component:
    url = PackageURL(part.kind, None, part.name, part.version)
    digests = ((HashAlgorithm.SHA_256, part.sha256), (HashAlgorithm.SHA_512, part.sha512))
    return Component(
        type=ComponentType.LIBRARY,
        name=part.name,
        version=part.version,
        purl=url,
        bom_ref=url.to_string(),
        licenses=[LicenseFactory().make_from_string(part.licence)],
        hashes=[HashType(alg=algorithm, content=digest) for algorithm, digest in digests if digest],
    )


def licence_list(images: dict[str, list[Part]]) -> str:
    parts_of: dict[str, set[str]] = defaultdict(set)
    for parts in images.values():
        for part in parts:
            parts_of[part.licence].add(f"{part.name} {part.version}")
    rows = (
        f"| {licence} | {len(names)} | {', '.join(sorted(names))} |"
        for licence, names in sorted(parts_of.items(), key=lambda row: (-len(row[1]), row[0]))
    )
    return "\n".join(["| licence | parts | which |", "| --- | --- | --- |", *rows, ""])


def version() -> str:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    if not newest:
        raise ValueError("CHANGELOG.md names no version")
    return newest[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
