"""What clients get wrong about one value, as JSON text: derived from the value's schema in the OpenAPI document.

Only values that the schema rules out. What it allows at its edges is in `edges()`.
"""

import math
from collections.abc import Iterator

SAMPLES = {
    "null": "null",
    "boolean": "true",
    "integer": "5",
    "number": "1.5",
    "string": '"5"',
    "array": "[]",
    "object": "{}",
}
HUGE = ("1e400", "-1e400", "99999999999999999999", "-99999999999999999999")
ASTRAL = "\U0001f600"  # one character, two UTF-16 units: lengths are counted in these


def types_of(schema: dict) -> set[str]:
    named = schema["type"]
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def wrong_types(schema: dict) -> Iterator[str]:
    allowed = types_of(schema)
    yield from (sample for name, sample in SAMPLES.items() if name not in allowed)
    if "boolean" not in allowed:
        yield "false"
    if "integer" not in allowed:
        yield "0"
    if "array" in allowed and "items" in schema:
        yield from (f"[{item}]" for item in wrong_types(schema["items"]))


def wrong_texts(schema: dict) -> Iterator[str]:
    if "string" not in types_of(schema):
        return
    if schema.get("minLength", 0) > 0:
        yield '""'
    if "maxLength" in schema:
        longest = schema["maxLength"]
        yield quoted("x" * (longest + 1))
        yield quoted(ASTRAL * (longest // 2) + "x" * (longest % 2 + 1))
    if "enum" in schema:
        yield from (quoted(word) for word in ("", "nope", schema["enum"][0].upper(), schema["enum"][0] + " "))


def wrong_numbers(schema: dict) -> Iterator[str]:
    if "minimum" in schema:
        yield str(schema["minimum"] - 1)
    if "maximum" in schema:
        yield str(schema["maximum"] + 1)


def huge_numbers(schema: dict) -> Iterator[str]:
    """Valid JSON; no field takes them."""
    if "integer" in types_of(schema) and "string" not in types_of(schema):
        yield from HUGE if "number" not in types_of(schema) else HUGE[:2]


def nul_texts(schema: dict) -> Iterator[str]:
    if "string" in types_of(schema):
        yield from ('"\\u0000"', '"a\\u0000b"')
    if "array" in types_of(schema) and "items" in schema:
        yield from (f"[{text}]" for text in nul_texts(schema["items"]))


BROKEN = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\\ud800", b"\\udc00x", b"\\ud800\\ud800", b"\x00", b"\n", b"\\x41")


def broken_texts(schema: dict) -> Iterator[bytes]:
    """No JSON, or no text: bytes that are not UTF-8, halves of a surrogate pair, control characters, bad escapes."""
    if "string" in types_of(schema):
        yield from (b'"' + inside + b'"' for inside in BROKEN)


def edges(schema: dict) -> Iterator[str]:
    """The longest and the shortest text, the largest and the smallest number."""
    types = types_of(schema)
    if "string" in types and "enum" not in schema:
        yield quoted("x" * schema.get("minLength", 0))
        if "maxLength" in schema:
            yield quoted("x" * schema["maxLength"])
            yield quoted(ASTRAL * (schema["maxLength"] // 2))
    yield from (str(schema[bound]) for bound in ("minimum", "maximum") if bound in schema)
    if "integer" in types:
        yield from (form for form in ("1.0", "1e2", "-0", "1e3") if float(form) >= schema.get("minimum", -math.inf))


def quoted(text: str) -> str:
    return f'"{text}"'
