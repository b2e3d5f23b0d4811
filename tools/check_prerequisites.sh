#!/usr/bin/env bash
# Says, one line each, what is missing on this machine before anything is built.
set -euo pipefail

missing=0
say_missing() {
  printf '%s\n' "$1" >&2
  missing=1
}

# at_least HAVE WANT: version numbers.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# require COMMAND VERSION WHAT: the first number that `COMMAND --version` prints counts.
require() {
  local found
  if ! command -v "$1" >/dev/null; then
    say_missing "$3 is missing: install $3 $2 or newer."
    return
  fi
  found=$("$1" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
  at_least "$found" "$2" || say_missing "$3 is $found, but $2 or newer is needed."
}

python=$(tools/find_python.sh) || say_missing "Python is missing: install Python 3.11 or newer (or name one: make PYTHON3=/path/to/python3)."
if [ -n "$python" ] && ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  say_missing "$python has no venv module: install it (on Debian and Ubuntu: apt-get install python3-venv)."
fi
require node 20.19 Node
require npm 10 npm
require cargo 1.95 Rust
command -v cc >/dev/null || say_missing "A C compiler is missing: install one (on Debian and Ubuntu: apt-get install build-essential)."
exit "$missing"
