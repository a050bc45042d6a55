#!/usr/bin/env bash
# Installs what is missing, builds the program, and runs it: ./run.sh [asaemu arguments]
# Without arguments it runs a first scenario against a collector of its own. stdout is the program's alone.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.ci/lib.sh"
announce_end=' '

# 3 is asaemu's exit code for "the world failed".
need_packages build || exit 3

building=building
[[ -e $root/build/release/asaemu ]] || building="building with $(nproc) jobs, which takes minutes the first time"
step "$building" run-build build release asaemu
if ((step_status != 0)); then
  cat "$step_log" >&2
  say "the build failed; what it said stands above and in build/log/run-build.log"
  exit 3
fi

(($# > 0)) || set -- run quickstart --to sink:
exec "$root/build/release/asaemu" "$@"
