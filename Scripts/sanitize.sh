#!/usr/bin/env bash
# Run the C targets' own tests under the address and undefined-behaviour sanitizers: every
# Tests/C/<name>_test.c, compiled together with the target that it includes, without Swift.
set -euo pipefail
cd "$(dirname "$0")/.."

compile=$(Scripts/sanitizing_compiler.sh)
folder=.build/sanitized
mkdir -p "$folder"

libraries() {
  case $1 in
    COneDNN) echo "-ldnnl -lgomp -lm" ;;
    CKernels) echo "-lgomp -lm" ;;
    CImageCodecs) echo "-lpng -ljpeg -lm" ;;
  esac
}

tested=0
for test in Tests/C/*_test.c; do
  if [ ! -e "$test" ]; then continue; fi
  program=$folder/$(basename "$test" .c)
  sources=() includes=() linked=""
  for target in COneDNN CKernels CImageCodecs; do
    if ! grep -q "#include \"$target\.h\"" "$test"; then continue; fi
    sources+=("Sources/$target"/*.c)
    includes+=("-ISources/$target" "-ISources/$target/include")
    linked+=" $(libraries "$target")"
  done
  echo "sanitize: $test"
  # The loader picks the instruction set's clone before the sanitizers are up: none here.
  # shellcheck disable=SC2086 # the command and the libraries are words
  $compile -std=gnu11 -DKERNELS_NO_CLONES "${includes[@]}" -o "$program" "$test" "${sources[@]}" \
    $linked
  "$program"
  tested=$((tested + 1))
done
echo "sanitize: $tested C tests pass"
