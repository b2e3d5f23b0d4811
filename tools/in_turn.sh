#!/usr/bin/env bash
# Runs the given make targets one after the other, goes on after a failure, and says at the end how each went.
set -uo pipefail

summary=""
failed=0
for target in "$@"; do
  printf '\n== %s\n' "$target"
  begin=$SECONDS
  if ${MAKE:-make} --no-print-directory "$target" </dev/null; then
    outcome="passed"
  else
    outcome="FAILED"
    failed=1
  fi
  summary+=$(printf '%-8s %4d s  %s' "$outcome" $((SECONDS - begin)) "$target")$'\n'
done
printf '\n%s' "$summary"
exit "$failed"
