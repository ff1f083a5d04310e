"""What the functional tests share: a real daemon on a temporary state, a client for it, a git repository, deadlines."""

from .board import BoardCase
from .case import DaemonCase
from .cgroups import CgroupRoot
from .client import Client, Reply, Session, read_responses
from .command import CliCase
from .daemon import BATON, BATOND, PLUGINS, Daemon
from .frozen import Freezer
from .processes import ESCAPE, ESCAPE_UNKNOWN, ProcessCase
from .repo import Repo
from .run_case import RunCase
from .runtimes import gate, runtime
from .waiting import is_alive, wait_until
from .worktree_case import WorktreeCase

__all__ = [
    "BATON",
    "BATOND",
    "PLUGINS",
    "BoardCase",
    "CgroupRoot",
    "CliCase",
    "Client",
    "Daemon",
    "DaemonCase",
    "ESCAPE",
    "ESCAPE_UNKNOWN",
    "Freezer",
    "ProcessCase",
    "Reply",
    "Repo",
    "RunCase",
    "Session",
    "WorktreeCase",
    "gate",
    "is_alive",
    "read_responses",
    "runtime",
    "wait_until",
]
