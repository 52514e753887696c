"""The types of the service's contract for the browser modules, from its OpenAPI document: `make types`.

By our own hand, because openapi-typescript does not go with TypeScript 6 and brings twenty packages for this one page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tapedeck.api.app import create_app
from tapedeck.api.settings import ApiSettings
from tapedeck.tracing.files import meta

FILE = Path(__file__).parents[1] / "viewer/tapedeck_viewer/contract/types.d.mts"
SCHEMA = Path(meta.__file__).with_name("trace_file.schema.json")

HEAD = "/** The service's contract, made from its OpenAPI document by `make types`. Not to be edited. */\n"
PLAIN = {"number": "number", "integer": "number", "string": "string", "boolean": "boolean", "null": "null"}
NAME = re.compile(r"[A-Za-z_]\w*")


def types() -> str:
    """All schemas, as interfaces in the order of their names."""
    schemas = create_app(ApiSettings()).openapi()["components"]["schemas"]
    return "\n".join([HEAD, *(_declared(name, schemas[name]) for name in sorted(schemas))])


def _declared(name: str, schema: Mapping[str, Any]) -> str:
    comment = f"/** {schema['description']} */\n" if "description" in schema else ""
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{comment}export type {name} = {_type(schema)};\n"
    required = schema.get("required", [])
    lines = [_property(key, each, needed=key in required) for key, each in schema["properties"].items()]
    return f"{comment}export interface {name} {{\n" + "\n".join(lines) + "\n}\n"


def _property(name: str, schema: Mapping[str, Any], *, needed: bool) -> str:
    comment = f"  /** {schema['description']} */\n" if "description" in schema else ""
    key = name if NAME.fullmatch(name) else json.dumps(name)
    return f"{comment}  {key}{'' if needed else '?'}: {_type(schema)};"


def _type(schema: Mapping[str, Any]) -> str:  # noqa: PLR0911 - a kind of schema, a line
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in schema["enum"])
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema.get("anyOf") or schema["oneOf"])))
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"[{', '.join(map(_type, schema['prefixItems']))}]"
        items = _type(schema.get("items", {}))
        return f"({items})[]" if " | " in items else f"{items}[]"
    if schema.get("type") == "object":
        if "properties" in schema:
            parts = (
                _property(key, each, needed=key in schema.get("required", []))
                for key, each in schema["properties"].items()
            )
            return "{ " + " ".join(part.strip() for part in parts) + " }"
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, Mapping) else 'unknown'}>"
    return PLAIN.get(str(schema.get("type")), "unknown")


def trace_file_schema() -> str:
    """The JSON schema of `meta` in a trace file."""
    return json.dumps(meta.schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(types())
    SCHEMA.write_text(trace_file_schema())
