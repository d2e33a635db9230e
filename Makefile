# One place for every job. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

BIN := bin/huoshui
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null | sed 's/^v//')
GO_FILES = $(shell find cmd/ internal/ web/*.go web/tracker/*.go -type f) go.mod go.sum
WEB_FILES = $(shell find web/src web/public -type f) web/index.html web/vite.config.ts web/tsconfig.json web/package.json web/package-lock.json
TRACKER_FILES = $(shell find web/tracker/src -type f) web/tracker/build.mjs web/tracker/package.json web/tracker/package-lock.json

# SQLite counts its memory behind one lock for all connections, which is a fortieth of what applying an event costs; nobody asks for the count.
export CGO_CFLAGS ?= -O2 -g -DSQLITE_DEFAULT_MEMSTATUS=0

# What the tests look for. Each can be set from outside.
export HUOSHUI_BIN := $(CURDIR)/$(BIN)
export HUOSHUI_DATASETS ?= $(abspath ../shared/data)
step := @scripts/step.sh

##@ Use

.PHONY: help
help: ## List every target
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: build ## Build, then run the demo brand on http://localhost:8080 (more flags: ARGS="--listen …")
	@exec $(BIN) demo $(ARGS)

.PHONY: serve
serve: build ## Build, then run a server on an empty pool (more flags: ARGS="--data …")
	@exec $(BIN) serve $(ARGS)

##@ Build

.PHONY: build
build: need-build $(BIN) ## Build console, tracker and the one binary bin/huoshui

# The console and the tracker are inside the binary (tag "assets").
$(BIN): $(GO_FILES) web/dist/index.html web/tracker/dist/t.js
	$(step) "Build $(BIN)" go build -tags assets -ldflags "-X github.com/huoshui/huoshui/internal/app.version=$(VERSION)" -o $(BIN) ./cmd/huoshui

.PHONY: console
console: web/dist/index.html ## Build the console into web/dist

web/dist/index.html: $(WEB_FILES)
	@scripts/npm.sh web
	$(step) "Build the console" npm --prefix web run --silent build
	@touch $@

.PHONY: tracker
tracker: web/tracker/dist/t.js ## Build the browser tracker t.js

web/tracker/dist/t.js: $(TRACKER_FILES)
	@scripts/npm.sh web/tracker
	$(step) "Build the tracker" npm --prefix web/tracker run --silent build
	@touch $@

.PHONY: need-build
need-build:
	@scripts/need.sh build

.PHONY: clean
clean: ## Remove what was built (packages and tools stay)
	rm -rf bin web/dist web/tracker/dist

##@ Test

# Cheap first: what fails, fails early. The last lines are go test's.
.PHONY: test
test: need vet lint test-web build test-spec test-go test-browser test-e2e unchanged ## Everything: what has to pass before a change goes in

.PHONY: vet
vet: ## go vet
	$(step) "Vet" go vet -tags e2e ./...

.PHONY: lint
lint: tools ## golangci-lint, pinned in tools/go.mod
	$(step) "Lint" .tools/golangci-lint run

.PHONY: test-web
test-web: ## Console and tracker: type check, unit tests
	@scripts/npm.sh web
	$(step) "Type check of the console" npm --prefix web run --silent check
	$(step) "Unit tests of the console" npm --prefix web run --silent test
	@scripts/npm.sh web/tracker
	$(step) "Type check of the tracker" npm --prefix web/tracker run --silent check
	$(step) "Unit tests of the tracker" npm --prefix web/tracker run --silent test

.PHONY: test-spec
test-spec: build ## The committed description of the API is the binary's
	$(step) "API description" scripts/spec.sh check

.PHONY: test-go
test-go: ## Go tests with the race detector, the state suite on SQLite and PostgreSQL
	@scripts/need.sh postgres
	$(step) "Go tests" env HUOSHUI_PG_BIN="$$(scripts/where.sh postgres)" go test -race -vet=off -timeout 10m ./...
	$(step) "Go tests of a large file, without the race detector" go test -vet=off -run TestOnlineRetail ./internal/collect/importer/shape

.PHONY: test-browser
test-browser: build ## Browser tests of the built binary (Chromium)
	@scripts/need.sh browser
	@scripts/npm.sh e2e/browser
	@cd e2e/browser && HUOSHUI_CHROMIUM="$$(../../scripts/where.sh chromium)" ../../scripts/step.sh "Browser tests" node --test

.PHONY: test-e2e
test-e2e: build ## Tests that start, kill and restart the built binary
	@scripts/need.sh postgres
	@scripts/npm.sh e2e/browser
	$(step) "Tests of the binary" env HUOSHUI_PG_BIN="$$(scripts/where.sh postgres)" go test -tags e2e,assets -vet=off -count=1 -timeout 10m ./web/... ./e2e/...

# Only on CI, where nobody is half-way through an edit.
.PHONY: unchanged
unchanged:
	@if [ "$${CI:-}" = true ]; then git diff --exit-code || { echo "The tests changed tracked files (above)." >&2; exit 1; }; fi

##@ Care

.PHONY: need
need: ## Find or install what build and tests need (Chromium, fonts, PostgreSQL's programs)
	@scripts/need.sh build browser postgres

.PHONY: tools
tools: ## Build the pinned tools into .tools
	@scripts/tools.sh

.PHONY: gen
gen: build ## Write what is generated: the API's description, the console's types from it
	$(step) "API description and types" scripts/spec.sh write

.PHONY: fmt
fmt: tools ## Format the Go code
	.tools/golangci-lint fmt

.PHONY: pictures
pictures: ## Take the READMEs' pictures anew, of a demo that is running (URL=http://127.0.0.1:8080)
	@scripts/need.sh browser
	@scripts/npm.sh e2e/browser
	@cd e2e/browser && HUOSHUI_CHROMIUM="$$(../../scripts/where.sh chromium)" node pictures.mjs $(URL)

.PHONY: fuzz
fuzz: ## Fuzz every parser for a while (FUZZTIME=30s each)
	@scripts/fuzz.sh "$(or $(FUZZTIME),30s)"

.PHONY: bench-ingest
bench-ingest: build ## Measure intake on this machine with a real server process
	@$(BIN) bench ingest $(ARGS)

.PHONY: bench-insight
bench-insight: build ## Measure questions over a large pool (ARGS="--peers --load" also asks ClickHouse and DuckDB, and measures the cost to the pipeline)
	@case " $(ARGS) " in *" --peers "*) scripts/clickhouse.sh;; esac
	@$(BIN) bench insight $(ARGS)

.PHONY: bench-rules
bench-rules: build ## Measure rules over a large pool (ARGS="--peers" also asks ClickHouse and DuckDB)
	@case " $(ARGS) " in *" --peers "*) scripts/clickhouse.sh;; esac
	@$(BIN) bench rules $(ARGS)
