#!/usr/bin/env bash
# clang-tidy over every .cpp that build/dev compiles, or over those named, on all cores: .ci/tidy.sh [FILE…]
# Needs build/dev, built: its compile commands, and its record of which headers each file includes. A file found clean
# is not checked again until it, a header of ours that it includes, the checks or the compiler options change. With
# TIDY_SECONDS set no file is begun after so many; the last line says how many files were left out.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/lib.sh"
cd "$root"
database=build/dev
cache=build/tidy-cache
mkdir -p "$cache"

# The .cpp files of ours that are compiled. Code that must not compile, for one, is not.
compiled() {
  awk -F '"' -v root="$root/" '
    $2 == "file" && index($4, root) == 1 && $4 ~ /\.cpp$/ { print substr($4, length(root) + 1) }
  ' "$database/compile_commands.json" | grep -v '^build/' | sort -u
}

# For each source file: its name, a tab, and then all files of ours that it is made of, each after a tab.
ingredients() {
  ninja -C "$database" -t deps | awk -v root="$root/" -v database="$database/" '
    /^[^ ].*: #deps/ { source = ""; valid = /\(VALID\)$/; next }
    /^    / && valid {
      file = substr($0, 5)
      if (index(file, root) == 1) file = substr(file, length(root) + 1)
      else if (file ~ /^\//) next
      else file = database file
      if (source == "") source = file
      if (!((source, file) in seen)) { seen[source, file] = 1; list[source] = list[source] "\t" file }
    }
    END { for (source in list) print source list[source] }'
}

# Fills key_of: for each source file a hash of all that its result depends on. Empty without a build.
declare -A key_of=()
hash_ingredients() {
  local -A hash_of=()
  local -a files
  local table common hash file line contents
  table=$(ingredients 2>/dev/null) || return 0
  mapfile -t files < <(tr '\t' '\n' <<<"$table" | sort -u)
  while read -r hash file; do
    hash_of[$file]=$hash
  done < <(sha256sum -- "${files[@]}" 2>/dev/null)
  common=$(clang-tidy --version; cat .clang-tidy CMakePresets.json CMakeLists.txt tests/CMakeLists.txt)
  while IFS= read -r line; do
    IFS=$'\t' read -r -a files <<<"$line"
    contents=
    for file in "${files[@]:1}"; do contents+="$file ${hash_of[$file]:-gone}"$'\n'; done
    key_of[${files[0]}]=$(sha256sum <<<"$common$contents" | cut -c 1-64)
  done <<<"$table"
}

# check_one KEY FILE: KEY is - for a file whose result cannot be kept. Compile commands may be of a compiler that has
# warnings that clang-tidy does not know.
check_one() {
  local output
  if [[ ${TIDY_SECONDS:-} ]] && (($(date +%s) - begun >= TIDY_SECONDS)); then
    printf '%s\n' "$2" >>"$left_out"
    return
  fi
  local -a options=(--quiet --extra-arg=-Wno-unknown-warning-option -p "$database")
  if output=$(clang-tidy "${options[@]}" "$2" 2>&1); then
    [[ $1 == - ]] || : >"$cache/$1"
    return
  fi
  # The counts of warnings in system headers are of no use to anyone.
  printf '%s\n' "$output" | grep -vE '^[0-9]+ warnings? (and [0-9]+ errors? )?(generated|treated)|^Suppressed |^Use -header-filter' || true
  return 1
}
begun=$(date +%s)
left_out=$(mktemp)
trap 'rm -f "$left_out"' EXIT
export -f check_one
export database cache begun left_out

hash_ingredients
files=("$@")
(($# > 0)) || mapfile -t files < <(compiled | grep -v '^tests/')
todo=()
for file in "${files[@]}"; do
  key=${key_of[$file]:--}
  if [[ $key != - && -e $cache/$key ]]; then
    touch "$cache/$key"
  else
    todo+=("$key" "$file")
  fi
done
find "$cache" -type f -mtime +30 -delete
printf '%s files, %s of them checked before\n' "${#files[@]}" "$((${#files[@]} - ${#todo[@]} / 2))"
((${#todo[@]} > 0)) || exit 0
# shellcheck disable=SC2016  # For the shell that xargs starts.
printf '%s\0' "${todo[@]}" | xargs -0 -P "$(nproc)" -n 2 bash -c 'check_one "$@"' _
printf '%s files checked, %s left out for want of time\n' "$((${#files[@]} - $(wc -l <"$left_out")))" "$(wc -l <"$left_out")"
