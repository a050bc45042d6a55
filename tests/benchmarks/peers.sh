#!/usr/bin/env bash
# asaemu beside its peers in the same run: a bare sendmmsg loop, a bare write loop, and loggen, which is taken from
# build/collectors (.ci/collectors.sh puts Debian's there) or from where it is installed. Each round runs all of them one after the other, the sender on one core and the
# receiver on another; what counts is the median of the rounds' ratios.
# Usage: tests/benchmarks/peers.sh [ROUNDS]   (5 if left out; needs build/release/asaemu, and a compiler for the loops)
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
program=${ASAEMU:-$here/../../build/release/asaemu}
rounds=${1:-5}
seconds=3
size=127 # loggen's least, and about that of our lines
work=$(mktemp -d)
sink=
finish() {
  [[ -z $sink ]] || kill "$sink" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
"${CXX:-g++}" -O2 -std=c++20 -o "$work/bare" "$here/bare_sender.cpp"
cores=$(nproc)
on() { if ((cores > 1)); then taskset -c "$1" "${@:2}"; else "${@:2}"; fi; }

# listen udp|tcp [OPTION…]: starts a sink; its port is in $port.
listen() {
  # Not by on(): in the background that would be a shell, and ending it would leave the sink.
  local -a pin=()
  ((cores == 1)) || pin=(taskset -c 1)
  "${pin[@]}" "$program" sink --listen "$1://127.0.0.1:0" --quiet "${@:2}" >/dev/null 2>"$work/sink" &
  sink=$!
  port=
  while [[ -z $port ]]; do
    sleep 0.05
    port=$(sed -n "s|^listening on $1://127.0.0.1:||p" "$work/sink")
  done
}
unlisten() {
  kill "$sink"
  wait "$sink" || true
  sink=
}

bare() { on 0 "$work/bare" "$1" 127.0.0.1 "$port" "$seconds" "$size"; }

loggen_rate() {
  local kind=--dgram
  [[ $1 == udp ]] || kind=--stream
  on 0 "${loggen[@]}" --inet "$kind" -s "$size" -r 10000000 -I "$seconds" -Q 127.0.0.1 "$port" 2>&1 |
    sed -n 's/.*average rate = \([0-9.]*\) msg.*/\1/p' | tail -n 1
}

# ours udp|tcp SCENARIO: at maximum speed; the lines are bounded so that a run takes about as long as the peers'.
ours() {
  on 0 "$program" run "$here/$2" --speed max --threads 1 --quiet --to "$1://127.0.0.1:$port" --set seconds=3s \
    --report "$work/report.json"
  sed -n 's/^ *"per_second_wall": \([0-9.e+]*\),\{0,1\}$/\1/p' "$work/report.json" | head -n 1
}

# median FILE: of a column of numbers.
median() { sort -g "$1" | awk '{v[NR] = $1} END {if (NR) print v[int((NR + 1) / 2)]; else print "nan"}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (b > 0) printf "%.4f\n", a / b}'; }

have_loggen=
unpacked=$here/../../build/collectors/root
if [[ -e $unpacked/usr/bin/loggen ]]; then
  have_loggen=yes
  libraries=$(printf '%s:' "$unpacked"{/usr,}/lib/*-linux-gnu* "$unpacked/usr/lib/syslog-ng")
  loggen=(env "LD_LIBRARY_PATH=$libraries" "SYSLOGNG_PREFIX=$unpacked/usr" "$unpacked/usr/bin/loggen")
elif command -v loggen >/dev/null; then
  have_loggen=yes
  loggen=(loggen)
else
  echo "loggen is not there (.ci/collectors.sh gets it): its columns are left out" >&2
fi

# compare udp|tcp SCENARIO [OPTION OF THE SINK…]
compare() {
  local kind=$1 scenario=$2 round a b c
  local tag=$kind-${scenario%.yaml}${3:-}
  for ((round = 0; round < rounds; ++round)); do
    listen "$kind" "${@:3}"
    a=$(ours "$kind" "$scenario")
    b=$(bare "$kind")
    c=
    [[ -z $have_loggen ]] || c=$(loggen_rate "$kind")
    unlisten
    echo "$a" >>"$work/$tag.ours"
    echo "$b" >>"$work/$tag.bare"
    ratio "$a" "$b" >>"$work/$tag.to-bare"
    [[ -z $c ]] || {
      echo "$c" >>"$work/$tag.loggen"
      ratio "$a" "$c" >>"$work/$tag.to-loggen"
    }
  done
  printf '%-22s %12.0f %12.0f %12s %9.2f %9s\n' "$tag" "$(median "$work/$tag.ours")" "$(median "$work/$tag.bare")" \
    "$([[ -z $have_loggen ]] || median "$work/$tag.loggen")" "$(median "$work/$tag.to-bare")" \
    "$([[ -z $have_loggen ]] || median "$work/$tag.to-loggen")"
}

printf 'medians of %d rounds, lines a second on one core, lines of about %d bytes\n' "$rounds" "$size"
printf '%-22s %12s %12s %12s %9s %9s\n' what asaemu "bare loop" loggen "to bare" "to loggen"
compare udp one-device.yaml
# The fleet's lines leave in bundles of equal length. To a collector as most are the kernel cuts them apart, at the
# sender's expense; a sink with --gro takes them as they are.
compare udp fleet.yaml
compare udp fleet.yaml --gro
compare tcp one-device.yaml
