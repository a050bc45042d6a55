# Shared by run.sh, test.sh and the scripts in .ci: steps with their times, packages, builds. To be sourced.
# shellcheck shell=bash

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
# What stands between a step's announcement and its outcome: a newline, or a blank for one line per step.
announce_end=$'\n'
step_status=0
step_seconds=0
step_log=

# One line to the user. stdout is the program's in run.sh, so everything said here goes to stderr.
say() { printf 'asaemu: %s\n' "$*" >&2; }

# step NAME LOG COMMAND…: announces NAME, runs COMMAND with its output in build/log/LOG.log, says how long it took.
# Always returns 0 and leaves the outcome in step_status: called under `if` or `||` it would switch off `set -e`
# in all that COMMAND does.
step() {
  local name=$1 started=$SECONDS outcome=ok
  step_log=$root/build/log/$2.log
  shift 2
  mkdir -p "$root/build/log"
  printf 'asaemu: %s …%s' "$name" "$announce_end" >&2
  set +e
  (set -e; "$@") >"$step_log" 2>&1 </dev/null
  step_status=$?
  set -e
  step_seconds=$((SECONDS - started))
  ((step_status == 0)) || outcome=FAILED
  [[ $announce_end != $'\n' ]] || printf 'asaemu: %s: ' "$name" >&2
  printf '%s, %s s\n' "$outcome" "$step_seconds" >&2
}

# packages KIND…: the names listed in packages.txt for these kinds.
packages() {
  local kind name wanted=" $* "
  while read -r kind name; do
    [[ $kind == '#'* || $wanted != *" $kind "* ]] || printf '%s\n' "$name"
  done <"$root/.ci/packages.txt"
}

# missing_packages KIND…: those of packages() that are not installed.
missing_packages() {
  local name
  for name in $(packages "$@"); do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true) == installed ]] ||
      printf '%s\n' "$name"
  done
}

# as_root COMMAND…: as we are if that is root, else through sudo, which may ask for a password only at a terminal.
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

# Whether as_root can work. Asks sudo for its password here, where the question is seen.
can_be_root() {
  ((EUID == 0)) && return
  command -v sudo >/dev/null || return
  sudo -n true 2>/dev/null || { [[ -t 0 && -t 2 ]] && sudo -v; }
}

# apt COMMAND…: apt-get without questions. Waits for another package manager to finish.
apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

install_packages() {
  apt update || echo "The package lists could not be refreshed; trying with those that are there."
  apt install -y --no-install-recommends "$@"
}

# need_packages KIND…: installs what is missing, or says what to type and leaves non-zero. Without anything missing
# no package manager is called.
need_packages() {
  local -a missing
  local line
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is not Debian, so nothing can be installed here. On Debian 12 this would be:"
    say "  apt-get install --no-install-recommends $(packages "$@" | paste -sd' ')"
    say "With the same libraries in place: cmake --preset release && cmake --build --preset release"
    return 1
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  line="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if ! can_be_root; then
    say "packages are missing, and installing them needs root (or sudo). As root, type:"
    say "  $line"
    return 1
  fi
  step "installing ${missing[*]}" packages install_packages "${missing[@]}"
  ((step_status == 0)) && return
  cat "$step_log" >&2
  say "the packages could not be installed (Debian 12 has them all). As root, try:"
  say "  $line"
  return 1
}

# configure PRESET: with ccache if there is one; anew if the tree has moved since the last time. The tests need more
# packages than the program, so they are left out unless with_tests is set or they were there before.
with_tests=
configure() {
  local preset=$1 launcher='' cache=$root/build/$1/CMakeCache.txt
  local -a options=()
  if [[ -e $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    rm -rf "$cache" "${cache%/*}/CMakeFiles"
  fi
  if [[ $with_tests ]]; then
    options=(-DASAEMU_TESTS=ON)
  elif [[ ! -e $cache ]]; then
    options=(-DASAEMU_TESTS=OFF)
  fi
  launcher=$(command -v ccache) || true
  cd "$root"
  cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" "${options[@]}"
}

# build PRESET [TARGET…]: configures first. One build at a time in this tree: a second one waits for the first.
# `runner` may hold a command to run the build under.
runner=()
build() {
  local preset=$1
  shift
  exec 9>"$root/build/.lock"
  flock 9
  configure "$preset"
  "${runner[@]}" cmake --build "$root/build/$preset" -j "$(nproc)" ${1:+--target "$@"}
}
