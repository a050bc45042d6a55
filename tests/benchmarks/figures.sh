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

# pace EVENTS: how well so many a second are kept for ten seconds: the mean error and the lateness.
pace() {
  "$program" run "$here/one-device.yaml" --speed 1 --set "per_second=$1" --quiet --to null: --report "$work/pace.json" ||
    true # 1 says that it could not keep up, and so do the figures
  awk -v n="$1" -v asked="$(field asked_per_second "$work/pace.json")" \
    -v got="$(field achieved_per_second "$work/pace.json")" -v p50="$(field p50 "$work/pace.json")" \
    -v p99="$(field p99 "$work/pace.json")" -v max="$(field max "$work/pace.json")" \
    'BEGIN {printf "%-44s %+13.3f %% off, late p50 %.0f us, p99 %.0f us, max %.0f us\n", "pace at " n "/s", (got / asked - 1) * 100, p50, p99, max}'
}

# fleet DEVICES: nanoseconds a message when a fleet sends as many as one device does.
fleet() {
  local run
  for run in 1 2 3 4 5; do
    "$program" run "$here/fleet.yaml" --speed max --threads 1 --quiet --to null: --set "devices=$1" --set seconds=3s \
      --report "$work/$run.json"
    field per_second_wall "$work/$run.json"
  done | sort -g | sed -n 3p | awk -v n="$1" '{printf "%-44s %14.0f ns a message\n", n + 0 " devices to null:, one thread", 1e9 / $1}'
}

rate "one device to null:, one thread" --to null:
rate "one device to a file, one thread" --to "file:$work/out.log"
rate "  with ground truth to the null device" --to null: --set seconds=3s --truth /dev/null
rate "  with ground truth to a file" --to null: --set seconds=3s --truth "$work/truth.ndjson"
rate "  with ground truth to a .zst" --to null: --set seconds=3s --truth "$work/truth.ndjson.zst"
rate "  with ground truth to a .gz" --to null: --set seconds=3s --truth "$work/truth.ndjson.gz"
for devices in 00001 00100 01000 10000; do fleet "$devices"; done
for events in 1000 10000 100000; do pace "$events"; done
memory "memory, 1 device" "$here/one-device.yaml" --set per_second=1 --duration 1s
memory "memory, 1,000 idle devices" "$here/idle-fleet.yaml"
memory "memory, 50,000 idle devices" "$here/idle-fleet.yaml" --set last=50000
memory "memory, 10,000 devices with 50 tunnels each" "$here/vpn-fleet.yaml" --set last=10000 --duration 10m
# Flat memory: three simulated days of a day's load, and a tenth of it, have the same peak.
memory "memory, one device, 7 h of 1,000/s" "$here/one-device.yaml" --set per_second=1000 --set seconds=3d --duration 7h
memory "memory, one device, 3 d of 1,000/s" "$here/one-device.yaml" --set per_second=1000 --set seconds=3d --duration 3d
