# Runs a server and ends it with the signal $1 when standard input ends: that happens however the parent died.
# INT, HUP and TERM sent to the whole process group must not reach the server before the parent has flushed, so they
# are caught here ("trap :", which children do not inherit) and the server gets a session of its own.
trap : INT HUP TERM
signal=$1
shift
exec 3<&0
command -v setsid >/dev/null 2>&1 && set -- setsid "$@"
"$@" </dev/null 3<&- &
server=$!
(
  trap '' INT HUP TERM
  while read -r _ <&3; do :; done
  kill -s "$signal" "$server" 2>/dev/null
  tries=0
  while kill -0 "$server" 2>/dev/null && [ "$tries" -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -s KILL "$server" 2>/dev/null
) &
watcher=$!
exec 3<&- </dev/null
while :; do
  wait "$server"
  code=$?
  kill -0 "$server" 2>/dev/null || break
done
kill -s KILL "$watcher" 2>/dev/null
exit "$code"
