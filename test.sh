#!/usr/bin/env bash
# Installs what is missing, builds, and proves the tree: format; all tests with AddressSanitizer and
# UndefinedBehaviorSanitizer; the tests of the program from outside once more with the release build; the tests of
# what has threads with ThreadSanitizer; clang-tidy (without the subsystems, for time).
# Every step runs even if an earlier one failed. The last line is `N passed, N failed`: the tests of all builds, and
# one more failure for each other step that failed. The exit code is 0 if nothing failed.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.ci/lib.sh"
# Here nothing but these steps speaks, and a reader wants them in one stream.
exec 2>&1
with_tests=yes
passed=0
failed=0
summary=()
# The sanitizers of GCC 12 abort now and then on kernels that randomise 32 bits of an address, so where that is
# allowed the builds (which list their tests by running them) and the tests run without randomisation.
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

run_ctest() {
  local preset=$1
  shift
  "${runner[@]}" ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "$@"
}

# count_tests NAME: adds up ctest's own summary line. A run that ended without one counts as a failure.
count_tests() {
  local line
  line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+$' "$step_log" | tail -n 1) || true
  if [[ $line =~ passed,\ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
    failed=$((failed + BASH_REMATCH[1]))
    passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1]))
    ((step_status == 0 || BASH_REMATCH[1] > 0)) || failed=$((failed + 1))
  else
    line="FAILED without a summary, see ${step_log#"$root"/}"
    failed=$((failed + 1))
  fi
  if ((step_status == 0)); then
    printf '%s\n' "$line"
  else
    grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' "$step_log" || true
  fi
  note "$1" "$line"
}

# prove PRESET [CTEST ARGUMENT…]: builds, and if that went well runs the tests.
prove() {
  local preset=$1
  shift
  check "build ($preset)" "build-$preset" build "$preset"
  ((step_status == 0)) || return 0
  step "tests ($preset)" "tests-$preset" run_ctest "$preset" "$@"
  count_tests "tests ($preset)"
}

format() {
  cd "$root"
  find emulator model templates tests \( -name '*.hpp' -o -name '*.cpp' \) -print0 |
    xargs -0 -r clang-format --dry-run -Werror
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
prove dev
check "tests (release program)" tests-release env ASAEMU_TEST_PROGRAM="$root/build/release/asaemu" \
  "$root/build/dev/tests/asaemu_tests" "[program]"
prove tsan -LE notsan -E '^compile: '
# What all else stands on. The subsystems and their tables would take as long again: `.ci/tidy.sh` checks them too.
cd "$root"
mapfile -t founded < <(find emulator model templates -name '*.cpp' -not -path 'model/subsystems/*' \
  -not -path 'model/state/*' | sort)
check "clang-tidy" tidy "$root/.ci/tidy.sh" "${founded[@]}"
finish
