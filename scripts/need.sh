#!/usr/bin/env bash
# Makes sure that what a job needs is there: finds it, or installs it (Debian or Ubuntu, as root), or says what to do.
#
#   scripts/need.sh build       Go, Node.js, a C compiler with the C++ library (DuckDB is linked in)
#   scripts/need.sh browser     Chromium and a Chinese font, for the browser tests
#   scripts/need.sh postgres    PostgreSQL's server programs, for the state suite; no server is left running
set -euo pipefail
cd "$(dirname "$0")/.."

go_minimum=1.26
node_minimum=20.19

missing=()  # Debian packages to install
problems=() # what only a person can mend

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

need_build() {
  if ! command -v go >/dev/null; then
    problems+=("Go $go_minimum or newer is not installed: see https://go.dev/dl/")
  elif ! at_least "$go_minimum" "$(go env GOVERSION | sed 's/^go//')"; then
    problems+=("Go is $(go env GOVERSION), but $go_minimum or newer is needed: see https://go.dev/dl/")
  fi
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    problems+=("Node.js $node_minimum or newer with npm is not installed: see https://nodejs.org/")
  elif ! at_least "$node_minimum" "$(node --version | sed 's/^v//')"; then
    problems+=("Node.js is $(node --version), but $node_minimum or newer is needed: see https://nodejs.org/")
  fi
  local compiler program
  compiler=$(command -v "${CC:-cc}" || command -v gcc || command -v clang || true)
  if [ -z "$compiler" ]; then
    missing+=(gcc libc6-dev g++)
    return
  fi
  program=$(mktemp)
  echo 'int main(void) { return 0; }' | "$compiler" -x c - -o "$program" -lstdc++ 2>/dev/null || missing+=(g++)
  rm -f "$program"
}

need_browser() {
  scripts/where.sh chromium >/dev/null || missing+=(chromium)
  has_chinese_font || missing+=(fontconfig fonts-noto-cjk)
}

has_chinese_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh)" ]; }

need_postgres() { scripts/where.sh postgres >/dev/null || missing+=(postgresql); }

install() {
  if ! command -v apt-get >/dev/null; then
    problems+=("please install (these are Debian's names): $*")
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    problems+=("please run: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*")
    return
  fi
  echo "Installing $*"
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    case " $* " in *" postgresql "*)
      # The tests start clusters of their own; the package shall not start one for the whole machine.
      mkdir -p /etc/postgresql-common
      echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
      ;;
    esac
  fi
  local apt=(apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold)
  export DEBIAN_FRONTEND=noninteractive
  # One broken source in the list must not stop an install that the others can serve.
  "${apt[@]}" update -qq || true
  "${apt[@]}" install -y -qq --no-install-recommends "$@" >/dev/null || problems+=("apt-get could not install: $*")
}

[ $# -gt 0 ] || set -- build browser postgres
for what in "$@"; do
  case "$what" in
    build | browser | postgres) "need_$what" ;;
    *)
      echo "usage: scripts/need.sh [build] [browser] [postgres]" >&2
      exit 2
      ;;
  esac
done

[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"

if [ ${#problems[@]} -gt 0 ]; then
  echo "Something is missing:" >&2
  printf '  - %s\n' "${problems[@]}" >&2
  exit 1
fi
