#!/usr/bin/env bash
# Runs every fuzz target of the repository for a while, one after the other. A finding stays under testdata/fuzz of its package.
#
#   scripts/fuzz.sh 30s
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rl --include='*_test.go' '^func Fuzz' cmd internal | while read -r file; do
  sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file" | while read -r target; do
    scripts/step.sh "$target in $(dirname "$file")" \
      go test -run '^$' -fuzz "^$target\$" -fuzztime "${1:-30s}" "./$(dirname "$file")"
  done
done
