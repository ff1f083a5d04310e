"""daemon/layers.txt as a table, and where the folder of each layer lies. Shared by the lints."""

from pathlib import Path

# Layers that lie at the top level; the others lie under daemon/.
TOP_LEVEL = ("store", "plugin-api", "plugins")


def read_layers(root: Path) -> dict[str, list[str]]:
    """Layer -> the layers whose headers it may include, in the order of the file."""
    layers: dict[str, list[str]] = {}
    for line in (root / "daemon/layers.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, _, allowed = line.partition(":")
        layers[name] = list(layers) if allowed.strip() == "everything above" else allowed.split()
    return layers


def folder_of(layer: str) -> Path:
    return Path(layer) if layer in TOP_LEVEL else Path("daemon") / layer


def sources(folder: Path) -> list[Path]:
    """Every C and C++ file below `folder`, in a stable order."""
    return sorted(p for p in folder.rglob("*") if p.suffix in (".cpp", ".hpp", ".c", ".h"))
