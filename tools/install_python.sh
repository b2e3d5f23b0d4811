#!/usr/bin/env bash
# Makes the virtual environment hold exactly what requirements.lock says, and finds the project's own packages.
set -euo pipefail

venv=$1
shift
[ -x "$venv/bin/python" ] || "$(tools/find_python.sh)" -m venv "$venv"
if ! [ -x "$venv/bin/uv" ]; then
  # The installer comes from the same lock, by its hash.
  uv_lock=$(mktemp)
  trap 'rm -f "$uv_lock"' EXIT
  awk '/^[^ #]/ { wanted = /^uv==/ } wanted' requirements.lock >"$uv_lock"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$uv_lock"
fi
"$venv/bin/uv" pip sync --quiet --require-hashes --python "$venv/bin/python" requirements.lock
site_packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
for package in "$@"; do
  printf '%s\n' "$PWD/$package"
done >"$site_packages/decoupled.pth"
