# Keeps one throw-away PostgreSQL cluster while standard input is open. Arguments: the folder of the server programs, and an empty
# folder for data, socket and log. Says "ready" once it answers, or shows the end of the log if it does not come up.
bin=$1
dir=$2
pid=
leave() {
  status=$?
  trap - EXIT
  if [ -n "$pid" ]; then
    kill -QUIT "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  fi
  [ "$status" = 0 ] || tail -n 20 "$dir/log"
  cd / && rm -rf "$dir"
  exit "$status"
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
trap '' PIPE # the test may be gone before it heard "ready"

"$bin/initdb" -D "$dir/data" -U huoshui -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || exit 1
# Nothing in it has to survive, so nothing waits for the disk; no network, only a socket in the folder.
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c max_connections=300 -c shared_buffers=32MB -c autovacuum=off -c max_wal_size=256MB </dev/null >>"$dir/log" 2>&1 &
pid=$!
until "$bin/pg_isready" -q -h "$dir" -U huoshui -d postgres; do
  kill -0 "$pid" 2>/dev/null || exit 1
  sleep 0.05
done
echo ready
exec 1>&-
while read -r _; do :; done
exit 0
