#!/usr/bin/env bash
# Prints the figures of the release build: speed to nowhere and to a file, lateness in real time, memory.
# Usage: tests/benchmarks/figures.sh [PATH OF asaemu]. Absolute numbers drift from machine to machine; the rates are
# medians of five runs.
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
program=${1:-$here/../../build/release/asaemu}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# field KEY FILE: the first value of a key in a report.
field() { sed -n "s/^ *\"$1\": \\([0-9.e+]*\\),\\{0,1\\}$/\\1/p" "$2" | head -n 1; }

# rate NAME ARGUMENT…: the median rate of five runs at maximum speed.
rate() {
  local name=$1 run
  shift
  for run in 1 2 3 4 5; do
    "$program" run "$here/one-device.yaml" --speed max --quiet --report "$work/$run.json" "$@"
    field per_second_wall "$work/$run.json"
  done | sort -g | sed -n 3p | xargs printf '%-44s %14.0f messages/s\n' "$name"
}

# memory NAME ARGUMENT…: the largest resident size of a run.
memory() {
  local name=$1
  shift
  "$program" run "$@" --speed max --quiet --to null: --report "$work/memory.json"
  printf '%-44s %14.0f KiB\n' "$name" "$(field peak_resident_kib "$work/memory.json")"
}

rate "one device to null:, one thread" --to null:
rate "one device to a file, one thread" --to "file:$work/out.log"
"$program" run "$here/one-device.yaml" --speed 1 --set per_second=1000 --quiet --to null: --report "$work/late.json"
printf '%-44s %14s us\n' "lateness at 1,000/s in real time, p50" "$(field p50 "$work/late.json")" \
  "lateness at 1,000/s in real time, p99" "$(field p99 "$work/late.json")" \
  "lateness at 1,000/s in real time, max" "$(field max "$work/late.json")"
memory "memory, 1 device" "$here/one-device.yaml" --set per_second=1 --duration 1s
memory "memory, 1,000 idle devices" "$here/idle-fleet.yaml"
