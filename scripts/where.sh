#!/usr/bin/env bash
# Prints where a program that the tests need is installed, or fails silently.
#
#   scripts/where.sh chromium    the browser's executable          ($HUOSHUI_CHROMIUM wins)
#   scripts/where.sh postgres    the folder with initdb, postgres  ($HUOSHUI_PG_BIN wins)
set -euo pipefail

find_chromium() {
  if [ -n "${HUOSHUI_CHROMIUM:-}" ]; then
    echo "$HUOSHUI_CHROMIUM"
    return
  fi
  local name
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    if command -v "$name"; then return; fi
  done
  local app="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
  [ -x "$app" ] && echo "$app"
}

find_postgres() {
  local folder
  # Debian keeps the server's programs off the PATH, one folder per version; the newest comes first.
  while read -r folder; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      echo "$folder"
      return
    fi
  done < <(
    [ -n "${HUOSHUI_PG_BIN:-}" ] && echo "$HUOSHUI_PG_BIN"
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rV
    dirname "$(command -v initdb || echo ./none)"
    command -v pg_config >/dev/null && pg_config --bindir
  )
  return 1
}

case "${1:-}" in
  chromium | postgres) "find_$1" ;;
  *)
    echo "usage: scripts/where.sh chromium|postgres" >&2
    exit 2
    ;;
esac
