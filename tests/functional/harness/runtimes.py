"""Configurations of the `command` plugin: each runtime is a shell script."""

import json
from pathlib import Path


def runtime(name: str, script: Path, **config) -> str:
    """One [[runtime]] table that runs `script` with sh."""
    settings = {"argv": ["sh", str(script)], **config}
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]  # such JSON is TOML too
    return "\n".join([f'[[runtime]]\nid = "{name}"\nplugin = "org.baton.command"\n[runtime.config]', *lines, ""])


def gate(command: str, timeout_s: int = 60) -> str:
    return f"[gate]\ncommand = {json.dumps(command)}\ntimeout_s = {timeout_s}\n"
