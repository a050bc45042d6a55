#!/usr/bin/env bash
# Installs what is missing, builds, and proves the tree: format; all tests with AddressSanitizer and
# UndefinedBehaviorSanitizer; the tests of the program from outside once more with the release build; the tests of
# what has threads with ThreadSanitizer; fuzzing for half a minute; clang-tidy, as far as twenty minutes go.
# Every step runs even if an earlier one failed. The last line is `N passed, N failed`: the tests of all builds, and
# one more failure for each other step that failed. The exit code is 0 if nothing failed.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.ci/lib.sh"
# Here nothing but these steps speaks, and a reader wants them in one stream.
exec 2>&1
with_tests=yes
# Of the tests more wait than work.
jobs=$(($(nproc) + 1))
fuzz_seconds=30
# For clang-tidy, which ends the run: until all has taken so long, but at least the second.
time_wanted=1170
tidy_seconds_min=30
passed=0
failed=0
summary=()
# The sanitizers abort now and then on kernels that randomise 32 bits of an address, so where that is allowed the
# builds (which run a tool they have built) and the tests run without randomisation.
if setarch -R true 2>/dev/null; then runner=(setarch -R); fi

note() { summary+=("$(printf '%-28s %6s s  %s' "$1" "$step_seconds" "$2")"); }

# check NAME LOG COMMAND…: a step that is one check in itself. Shows what COMMAND said if it failed.
check() {
  step "$@"
  if ((step_status == 0)); then
    note "$1" ok
    return
  fi
  failed=$((failed + 1))
  note "$1" "FAILED, see build/log/$2.log"
  cat "$step_log"
}

# tests NAME PRESET [CTEST ARGUMENT…]: a step that runs tests of a build. A test that fails is tried once more, for some
# wait for sockets and clocks on a machine that does much else; which ones needed that is said.
tests() {
  local name=$1 preset=$2 log=tests-${1//[^a-z]/-}
  shift 2
  step "$name" "$log" "${runner[@]}" ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error \
    --repeat until-pass:2 -j "$jobs" "$@"
  count_tests "$name" "$root/build/$preset/Testing/Temporary/LastTest.log"
}

# What Catch2 said in CTest's log: cases passed, cases failed, in the last try of each entry; an entry that is not
# Catch2's is one case.
count_cases() {
  awk '
    / Testing: / { sub(/^.* Testing: /, ""); name = $0; good[name] = 1; bad[name] = 0; next }
    /^All tests passed \(.* in [0-9]+ test cases?\)$/ { good[name] = $(NF - 2) }
    /^No tests ran$/ { good[name] = 0 }
    /^test cases: / {
      good[name] = 0
      for (i = 1; i < NF; ++i) {
        if ($(i + 1) == "passed") good[name] = $i
        if ($(i + 1) == "failed") bad[name] = $i
      }
    }
    END {
      for (name in good) { passed += good[name]; failed += bad[name] }
      print passed + 0, failed + 0
    }' "$1"
}

# count_tests NAME LOG: adds up what ran. A run that ended without ctest's own summary counts as a failure.
count_tests() {
  local line entries=0 good=0 bad=0
  line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+$' "$step_log" | tail -n 1) || true
  if [[ $line =~ passed,\ ([0-9]+)\ tests\ failed ]]; then
    entries=${BASH_REMATCH[1]}
    read -r good bad < <(count_cases "$2")
    # A test program that crashed or ran out of time counts its cases nowhere.
    ((entries > 0)) || bad=0
    ((bad >= entries)) || bad=$entries
    ((step_status == 0 || bad > 0)) || bad=1
    line="$good passed, $bad failed"
  else
    bad=1
    line="FAILED without a summary, see ${step_log#"$root"/}"
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  if ((step_status == 0)); then
    printf '%s\n' "$line"
    grep -E '^ *Test +#[0-9]+: .*\*\*\*' "$step_log" | sed 's/^/passed at the second try: /' || true
  else
    grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' "$step_log" || true
  fi
  note "$name" "$line"
}

format() {
  cd "$root"
  find emulator model templates tests \( -name '*.hpp' -o -name '*.cpp' \) -print0 |
    xargs -0 -r clang-format --dry-run -Werror
}

# fuzz: all fuzzing targets at once, each for its time, on copies of their corpora.
fuzz() {
  local target name found=0
  local -A running=()
  rm -rf "$root/build/fuzz"
  for target in "$root"/build/dev/tests/fuzz/fuzz_*; do
    [[ -x $target && -f $target ]] || continue
    name=${target##*/}
    mkdir -p "$root/build/fuzz/$name"
    cp -r "$root/tests/fuzz/corpus/${name#fuzz_}/." "$root/build/fuzz/$name/"
    "${runner[@]}" "$target" -max_total_time="$fuzz_seconds" -timeout=20 -rss_limit_mb=2048 -verbosity=0 \
      -artifact_prefix="$root/build/fuzz/$name-" "$root/build/fuzz/$name" &
    running[$name]=$!
  done
  ((${#running[@]} > 0)) || { echo "there are no fuzzing targets"; return 1; }
  for name in "${!running[@]}"; do
    wait "${running[$name]}" || { echo "$name found a fault"; found=1; }
  done
  ((found == 0))
}

# The ThreadSanitizer build goes on beside other steps, as meekly as can be: its outcome is in build/log/build-tsan.rc.
begin_tsan() {
  rm -f "$root/build/log/build-tsan.rc"
  (
    renice -n 19 "$BASHPID" >/dev/null
    status=0
    (set -e; build tsan) >"$root/build/log/build-tsan.log" 2>&1 </dev/null || status=$?
    echo "$status" >"$root/build/log/build-tsan.rc"
  ) &
  tsan_build=$!
}

end_tsan() {
  tail --pid="$tsan_build" -f /dev/null
  cat "$root/build/log/build-tsan.log"
  return "$(cat "$root/build/log/build-tsan.rc")"
}

tidy() {
  local left=$((time_wanted - SECONDS))
  cd "$root"
  # What all else stands on comes first, then the subsystems and their tables.
  { find emulator model templates -name '*.cpp' -not -path 'model/subsystems/*' -not -path 'model/state/*' | sort
    find model/state model/subsystems -name '*.cpp' | sort; } |
    TIDY_SECONDS=$((left > tidy_seconds_min ? left : tidy_seconds_min)) xargs .ci/tidy.sh
}

finish() {
  printf '\n'
  printf '%s\n' "${summary[@]}" "in all $SECONDS s"
  printf '\n%s passed, %s failed\n' "$passed" "$failed"
  ((failed == 0))
}

if (($# > 0)); then
  say "test.sh takes no arguments"
  exit 2
fi
say "packages …"
if ! need_packages build test; then
  failed=1
  note packages FAILED
  finish
fi
step_seconds=$SECONDS
note packages ok
check "collectors for the tests" collectors "$root/.ci/collectors.sh"
check "format" format format
with_tests=
check "build (release)" build-release build release asaemu
with_tests=yes
check "build (dev)" build-dev build dev
dev_status=$step_status
((dev_status != 0)) || tests "tests (dev)" dev -LE program
# The tests that run the program wait a good deal; the next build fills the time.
begin_tsan
((dev_status != 0)) ||
  ASAEMU_TEST_PROGRAM="$root/build/release/asaemu" tests "tests (release program)" dev -L program
check "build (tsan)" wait-tsan end_tsan
((step_status != 0)) || tests "tests (tsan)" tsan -LE program -E '^compile: '
((dev_status != 0)) || check "fuzz" fuzz fuzz
check "clang-tidy" tidy tidy
((step_status != 0)) || tail -n 1 "$step_log"
finish
