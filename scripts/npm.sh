#!/usr/bin/env bash
# Installs the packages of one front-end folder exactly as its lock file says; does nothing while lock file and Node.js stay the same.
#
#   scripts/npm.sh web
set -euo pipefail
cd "$(dirname "$0")/../$1"

stamp=node_modules/.huoshui-installed
want="$(node --version) $(cksum <package-lock.json)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
  exit 0
fi
echo "Installing the packages of $1"
npm ci --prefer-offline --no-audit --no-fund
echo "$want" >"$stamp"
