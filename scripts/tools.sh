#!/usr/bin/env bash
# Builds the tools pinned in tools/go.mod from source into .tools/; does nothing while the pins and Go stay the same.
set -euo pipefail
cd "$(dirname "$0")/../tools"

out=../.tools
want="$(go env GOVERSION GOOS GOARCH | tr '\n' ' ')$(cat go.mod go.sum | cksum)"
if [ -f "$out/built" ] && [ "$(cat "$out/built")" = "$want" ]; then
  exit 0
fi
echo "Building the tools pinned in tools/go.mod (this takes some minutes the first time)"
mkdir -p "$out"
# Low priority: an editor or a server on the same machine goes first.
nice go build -trimpath -o "$out/" tool
echo "$want" >"$out/built"
