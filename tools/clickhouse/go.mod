// ClickHouse as a peer for "huoshui bench rules --peers". It has a module of its own, which only scripts/clickhouse.sh builds.
module github.com/huoshui/huoshui/tools/clickhouse

go 1.26.0

require github.com/ebitengine/purego v0.8.4
