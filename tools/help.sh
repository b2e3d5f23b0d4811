#!/usr/bin/env bash
# Prints each `target: ## what it does` of the given makefiles, under its `##@` heading.
set -euo pipefail

awk -v bold="$([ -t 1 ] && printf '\033[1m')" -v plain="$([ -t 1 ] && printf '\033[0m')" '
  /^##@ / { printf "\n%s%s%s\n", bold, substr($0, 5), plain }
  match($0, /^[a-z_-]+:.*## /) {
    name = substr($0, 1, index($0, ":") - 1)
    printf "  make %-15s %s\n", name, substr($0, RSTART + RLENGTH)
  }
' "$@"
