"""Holds news documents against the schemas that the IPTC publishes; ``roundtrip`` asks here. Nothing is fetched."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree
from same_document import local

NEWSML = "http://iptc.org/std/nar/2006-10-01/"
NITF = "http://iptc.org/std/NITF/2006-10-18/"
NEWEST = {"1": "1.6", "2": "2.2", "3": "3.1"}


class Schemas:
    """The schemas of one folder, by namespace and version; a format whose schema is not there is not judged."""

    def __init__(self, folder: Path) -> None:
        from jsonschema import validators
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT202012

        self._xml = {
            space: etree.XMLSchema(etree.parse(str(sorted(folder.glob(pattern))[-1])))
            for space, pattern in ((NEWSML, "NewsML-G2_*-spec-All-Power.xsd"), (NITF, "nitf-3-6.xsd"))
        }
        # The one schema that ninjs refers to elsewhere, for shapes on a map, is taken to allow anything.
        registry = Registry(retrieve=lambda uri: Resource.from_contents({}, default_specification=DRAFT202012))
        self._json = {}
        for path in folder.glob("ninjs-schema_[0-9]*.json"):
            schema = json.loads(path.read_text(encoding="utf-8"))
            kind = validators.validator_for(schema)
            self._json[path.stem.rpartition("_")[2]] = kind(schema, registry=registry)

    def xml_fault(self, tree: Any) -> str | None:
        """Return why a tree is not valid, empty where it is; None where it cannot be judged."""
        root = tree.getroot()
        space = NITF if local(root) == "nitf" else NEWSML if "}" in root.tag and NEWSML in root.tag else ""
        if not space or next(root.iter(etree.Entity), None) is not None:  # libxml2 judges no tree with entities in it
            return None
        if "}" not in root.tag:
            root = _moved(root, space)
        schema = self._xml[space]
        return "" if schema.validate(root) else f"{schema.error_log[0].message} (line {schema.error_log[0].line})"

    def xml_verdict(self, before: Any, after: Any, valid: Counter[str]) -> Iterator[str]:
        """Count a document as valid or not, and say where it was valid before and is no longer."""
        yield from _verdict(self.xml_fault(before), self.xml_fault(after), valid)

    def json_fault(self, item: Mapping[str, Any], version: str = "") -> str | None:
        """Return why an object of ninjs is not valid in a version, or its own, empty where it is."""
        errors = sorted(self._json[version or _version(item)].iter_errors(item), key=lambda error: str(error.path))
        return "" if not errors else f"{errors[0].message:.200} at {list(errors[0].path)}"

    def json_verdict(self, before: Any, after: Any, valid: Counter[str]) -> Iterator[str]:
        """Count an object as valid or not, and say where it was valid before and is no longer.

        It is held against the version that it names, and against the newest of the same kind if it needs that one.
        """
        own = _version(before)
        version = own if not self.json_fault(before, own) else NEWEST[own[0]]
        fault = self.json_fault(after, version)
        if fault and version != NEWEST[own[0]]:
            fault = self.json_fault(after, NEWEST[own[0]])
        yield from _verdict(self.json_fault(before, version), fault, valid)


def _verdict(before: str | None, after: str | None, valid: Counter[str]) -> Iterator[str]:
    if before is None or after is None:
        return
    valid[f"{'in' if before else ''}valid before, {'in' if after else ''}valid after"] += 1
    if after and not before:
        yield f"no longer valid: {after}"


def _version(item: Mapping[str, Any]) -> str:
    standard = item.get("standard", item.get("$standard"))
    named = str(standard.get("version", "")) if isinstance(standard, Mapping) else ""
    if named.rpartition(".")[0] in NEWEST:
        return named
    if any(key in item for key in ("versionCreated", "pubStatus", "representationType")):
        return NEWEST["3"]
    return NEWEST["2"] if isinstance(item.get("bodies", item.get("headlines")), list) else NEWEST["1"]


def _moved(root: Any, space: str) -> Any:
    """Return a copy of a tree without namespaces, as the document type definitions had it, in one."""
    copy = deepcopy(root.getroottree()).getroot()
    for node in copy.iter(etree.Element):
        if "}" not in node.tag:
            node.tag = f"{{{space}}}{node.tag}"
    return copy
