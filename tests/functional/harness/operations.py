"""The operations that the daemon's OpenAPI document lists, with what their bodies and queries may hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field

# The one nested body, which the document does not describe.
TEXTS = {"type": "array", "items": {"type": "string"}}
OPTIONAL_TEXT = {"type": ["string", "null"]}
NESTED = {
    ("POST", "/api/board/{taskId}/workspace/handoff"): {
        "required": ["handoffFrom", "runtime"],
        "properties": {
            "handoffFrom": {"type": "string", "minLength": 1},
            "runtime": {"type": "string", "minLength": 1},
            "timestamp": {"type": ["string", "null", "boolean", "integer", "number"]},  # falsy: now
            "completedSubtasks": TEXTS,
            "brokenOrUnverified": TEXTS,
            "nextBestStep": {"type": "string"},
            "whyBlocked": OPTIONAL_TEXT,
            "commands": {"type": "object"},
            "evidence": {"type": "object"},
            "warnings": TEXTS,
            "nativeSessionId": OPTIONAL_TEXT,
            "roomCursor": {"type": ["object", "null"]},
        },
    }
}


@dataclass
class Operation:
    method: str
    path: str
    name: str
    fields: dict[str, dict] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    query: list[str] = field(default_factory=list)

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


def operations(document: dict, parts: tuple[str, ...]) -> Iterator[Operation]:
    """Those whose path begins with one of `parts`."""
    for path, item in document["paths"].items():
        if path.startswith(parts):
            for method, described in item.items():
                yield operation_from(method.upper(), path, described)


def operation_from(method: str, path: str, described: dict) -> Operation:
    content = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema") or NESTED.get((method, path), {})
    query = [parameter["name"] for parameter in described.get("parameters", []) if parameter["in"] == "query"]
    return Operation(
        method, path, described["operationId"], schema.get("properties", {}), schema.get("required", []), query
    )
