#!/usr/bin/env bash
# Print the command of a C compiler whose programs run with the address and undefined-behaviour
# sanitizers: clang with its own linker, then clang, then gcc. Swift's clang often comes without
# the sanitizers' run time, and gcc often has it.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf 'int main(void) { return 0; }\n' >"$scratch/probe.c"

flags="-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"
for compiler in "clang -fuse-ld=lld" clang gcc; do
  # shellcheck disable=SC2086 # the command and its flags are words
  if $compiler $flags -o "$scratch/probe" "$scratch/probe.c" >/dev/null 2>&1 &&
    "$scratch/probe" >/dev/null 2>&1; then
    printf '%s %s\n' "$compiler" "$flags"
    exit 0
  fi
done
echo "no C compiler here links the address sanitizer; on Debian and Ubuntu: apt install gcc" >&2
exit 1
