#!/usr/bin/env bash
# Puts Debian's rsyslogd and syslog-ng into build/collectors for the integration tests, without installing them: their
# packages exclude each other, and installing one would start a daemon. Does nothing if they are there.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/lib.sh"
place=$root/build/collectors
work=$root/build/collectors.new
[[ ! -e $place/complete ]] || exit 0

# What installing the packages would bring along on this machine: the libraries that are not here. Only asks.
would_install() {
  apt-get -s -q --no-install-recommends install "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}

fetch() {
  local list
  # Separately, for together they cannot be installed.
  list=$({ printf '%s\n' rsyslog rsyslog-openssl syslog-ng-core
           would_install rsyslog rsyslog-openssl; would_install syslog-ng-core; } | sort -u)
  printf 'downloading: %s\n' "${list//$'\n'/ }"
  # shellcheck disable=SC2086  # One name a word.
  (cd "$work" && apt-get -q download $list)
}

# wrapper NAME ARGUMENT: a script that starts NAME with the libraries and, by ARGUMENT, the modules unpacked here,
# wherever the tree is moved.
wrapper() {
  sed "s|@NAME@|$1|; s|@ARGUMENT@|$2|" >"$work/$1" <<'SCRIPT'
#!/usr/bin/env bash
# Starts @NAME@ from the packages unpacked beside this script. Written by .ci/collectors.sh.
set -euo pipefail
root=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd -P)/root
libraries=$(printf '%s:' "$root"{/usr,}/lib/*-linux-gnu* "$root/usr/lib/syslog-ng")
export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:-}
exec "$root/usr/sbin/@NAME@" @ARGUMENT@ "$@"
SCRIPT
  chmod +x "$work/$1"
}

# Leaves non-zero, and says which, if a library is missing that one of the unpacked programs or modules asks for.
assert_complete() {
  local libraries missing
  libraries=$(printf '%s:' "$work/root"{/usr,}/lib/*-linux-gnu* "$work/root/usr/lib/syslog-ng")
  missing=$(find "$work/root/usr/sbin" "$work/root/usr/lib" -type f \( -path '*/sbin/*' -o -name '*.so*' \) \
    -exec env LD_LIBRARY_PATH="$libraries" ldd {} + 2>&1 | grep 'not found' | sort -u) || return 0
  printf 'missing:\n%s\n' "$missing"
  return 1
}

rm -rf "$work"
mkdir -p "$work/root"
if ! fetch; then
  can_be_root || exit 1
  apt update
  fetch
fi
for package in "$work"/*.deb; do dpkg -x "$package" "$work/root"; done
rm "$work"/*.deb
assert_complete
# shellcheck disable=SC2016  # For the shells that run the wrappers.
{
  wrapper rsyslogd '-M "$(echo "$root"/usr/lib/*-linux-gnu*/rsyslog)"'
  wrapper syslog-ng '--module-path="$(echo "$root"/usr/lib/syslog-ng/*/)"'
}
"$work/rsyslogd" -v
"$work/syslog-ng" --version
touch "$work/complete"
rm -rf "$place"
mv "$work" "$place"
