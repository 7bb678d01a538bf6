#!/usr/bin/env bash
# Build and run the C test of the oneDNN shim twice: against the system's oneDNN and against
# oneDNN 3.2 from the Python packages onednn-cpu-gomp and onednn-devel-cpu-gomp, whose C interface
# differs. Fetches those packages (40 MB) once; they are unpacked, never installed.
#
# usage: Scripts/onednn3.sh [TEST.c]      default Tests/C/onednn_test.c
set -euo pipefail
cd "$(dirname "$0")/.."

test=${1:-Tests/C/onednn_test.c}
release=2023.2.0
folder=.build/onednn3
library=$folder/lib
compiler=$(command -v clang || command -v gcc || echo cc)

fetch() {
  if [ -d "$folder" ]; then return; fi
  if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "onednn3: python3 with pip is needed to fetch oneDNN 3.2 (apt install python3-pip)" >&2
    exit 1
  fi
  local part=$folder.part wheel
  rm -rf "$folder" "$part"
  mkdir -p "$part/wheels"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$part/wheels" "onednn-cpu-gomp==$release" "onednn-devel-cpu-gomp==$release"
  for wheel in "$part"/wheels/*.whl; do
    python3 -m zipfile -e "$wheel" "$part/unpacked"
    cp -r "$part"/unpacked/*.data/data/. "$part/"
    rm -rf "$part/unpacked"
  done
  # A wheel holds no links: the library is there three times over.
  ln -sf libdnnl.so.3 "$part/lib/libdnnl.so"
  rm -rf "$part/wheels" "$part/lib/libdnnl.so.3.2"
  mv "$part" "$folder"
}

# Compile a C program with the shim's headers and this oneDNN, and run it.
# usage: run OUTPUT INCLUDES-AND-LIBRARY-PATHS SOURCE...
run() {
  local output=$1 paths=$2
  shift 2
  # shellcheck disable=SC2086 # the paths are words
  "$compiler" -std=gnu11 -O1 -g -ISources/COneDNN -ISources/COneDNN/include $paths \
    -o "$output" "$@" -ldnnl -lgomp -lm
  "$output"
}

# Print which oneDNN this is, and fail unless the one compiled against is the one loaded.
# usage: version OUTPUT PATHS
version() {
  local source=$1.c
  cat >"$source" <<'C'
#include <dnnl.h>
#include <stdio.h>
int main(void) {
  const dnnl_version_t *loaded = dnnl_version();
  printf("oneDNN %d.%d.%d\n", loaded->major, loaded->minor, loaded->patch);
  return loaded->major == DNNL_VERSION_MAJOR && loaded->minor == DNNL_VERSION_MINOR ? 0 : 1;
}
C
  run "$1" "$2" "$source"
}

fetch
if [ ! -e "$test" ]; then
  echo "onednn3: $test is not there" >&2
  exit 1
fi
newer="-I$folder/include -L$library -Wl,-rpath,$PWD/$library"
version "$folder/version-system" ""
run "$folder/test-system" "" "$test" Sources/COneDNN/*.c
version "$folder/version-3" "$newer"
run "$folder/test-3" "$newer" "$test" Sources/COneDNN/*.c
echo "onednn3: $test passes against both"
