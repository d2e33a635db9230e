#!/usr/bin/env bash
# Runs one step of a longer job under a heading, and says how long it took.
#
#   scripts/step.sh "Vet" go vet ./...
set -uo pipefail

title=$1
shift
printf '\n== %s\n' "$title"
begin=$SECONDS
"$@"
status=$?
if [ $status -ne 0 ]; then
  printf '== %s FAILED after %d s (exit code %d)\n' "$title" $((SECONDS - begin)) $status >&2
  exit $status
fi
printf '== %s: %d s\n' "$title" $((SECONDS - begin))
