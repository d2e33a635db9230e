#!/usr/bin/env bash
# The API's description and the console's types from it are generated, and committed so that a reader and the compiler have them.
#
#   scripts/spec.sh write    writes both
#   scripts/spec.sh check    fails if they are not those of the binary; changes nothing
set -euo pipefail
cd "$(dirname "$0")/.."

spec=docs/api/openapi.json
types=web/src/api/schema.ts
binary=${HUOSHUI_BIN:-bin/huoshui}

scripts/npm.sh web/codegen
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$binary" api spec >"$fresh/openapi.json"
web/codegen/node_modules/.bin/openapi-typescript "$fresh/openapi.json" -o "$fresh/schema.ts" >/dev/null

case "${1:-}" in
  write)
    cp "$fresh/openapi.json" "$spec"
    cp "$fresh/schema.ts" "$types"
    ;;
  check)
    diff -u "$spec" "$fresh/openapi.json" && diff -u "$types" "$fresh/schema.ts" || {
      echo "The API has changed: run make gen and commit $spec and $types." >&2
      exit 1
    }
    ;;
  *)
    echo "usage: scripts/spec.sh write|check" >&2
    exit 2
    ;;
esac
