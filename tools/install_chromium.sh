#!/usr/bin/env bash
# Installs Debian's Chromium for the browser tests, unless there is a Chromium already.
set -euo pipefail

if command -v chromium >/dev/null; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Chromium is missing and apt-get is not here to install it: install a command named chromium." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Chromium is missing: run 'apt-get install chromium' as root." >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing Chromium for the browser tests (about a minute)."
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
