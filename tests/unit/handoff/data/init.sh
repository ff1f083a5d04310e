#!/usr/bin/env bash
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

# What this repository needs; one command on one line each.
INSTALL_CMD='echo "[init] configure INSTALL_CMD in init.sh"'
VERIFY_CMD='echo "[init] configure VERIFY_CMD in init.sh"'
START_CMD='echo "[init] configure START_CMD in init.sh"'

echo "[init] in $PWD"
echo "[init] install"
eval "$INSTALL_CMD"

echo "[init] verify"
eval "$VERIFY_CMD"

if [ "${RUN_START_COMMAND:-0}" = "1" ]; then
  echo "[init] start"
  eval "$START_CMD"
else
  echo "[init] not started: RUN_START_COMMAND=1 runs $START_CMD"
fi
