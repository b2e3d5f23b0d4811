#!/usr/bin/env bash
# Prints the first Python on PATH that is new enough; PYTHON3 names another.
set -euo pipefail

for python in ${PYTHON3:-python3 python3.13 python3.12 python3.11}; do
  if command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    command -v "$python"
    exit 0
  fi
done
exit 1
