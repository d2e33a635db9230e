#!/usr/bin/env bash
# Makes .tools/clickhouse/clickhouse, a ClickHouse to compare with (Linux on x86-64; about 600 MB); does nothing if it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

out=.tools/clickhouse
want="$(go env GOVERSION) $(cat tools/clickhouse/{main.go,go.mod,package-lock.json} | cksum)"
if [ -f "$out/built" ] && [ "$(cat "$out/built")" = "$want" ]; then
  exit 0
fi
mkdir -p "$out"
cp tools/clickhouse/{package.json,package-lock.json,.npmrc} "$out/"
npm ci --prefix "$out" --prefer-offline --no-audit --no-fund
ln -sf node_modules/@chdb/lib-linux-x64-gnu/libchdb.so "$out/libchdb.so"
go build -C tools/clickhouse -trimpath -o "../../$out/clickhouse" .
echo "$want" >"$out/built"
