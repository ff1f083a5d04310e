"""What the daemon keeps, as digests: its database, read beside it, and the files of a directory."""

import hashlib
import sqlite3
from pathlib import Path


def digest(state: Path) -> dict[str, str]:
    """One digest per table of all its rows. Two that are equal: nothing was written between."""
    connection = sqlite3.connect(f"file:{state / 'baton.db'}?mode=ro", uri=True, timeout=30)
    try:
        connection.execute("BEGIN")
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return {name: digest_of(connection.execute(f'SELECT * FROM "{name}"')) for name in names}
    finally:
        connection.close()


def digest_of(rows) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def digest_of_files(directory: Path) -> str:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return hashlib.sha256(repr([(str(path), path.read_bytes()) for path in files]).encode()).hexdigest()
