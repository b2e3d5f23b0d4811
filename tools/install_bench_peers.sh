#!/usr/bin/env bash
# Makes a virtual environment of its own hold the programs and data that heavy_computation is measured against.
set -euo pipefail

uv=$1
venv=$2
peers=system_tests/load/heavy_peers
[ -x "$venv/bin/python" ] || "$(tools/find_python.sh)" -m venv "$venv"
install=("$uv" pip install --quiet --no-deps --require-hashes --python "$venv/bin/python")
"${install[@]}" -r "$peers/requirements.lock" -r "$peers/data_requirements.lock"
