#!/usr/bin/env bash
# Make sure that what lacuna builds on is there: Swift, libpng, libjpeg, oneDNN and libgomp.
# Says nothing and returns at once where it is; installs what is missing with apt-get; where there
# is no apt-get, says what to install and stops.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }

if ! command -v swift >/dev/null; then
  say "Swift 6.2 or later is needed and 'swift' is not on the PATH: see https://swift.org/install"
  exit 1
fi

# The clang beside swift is the one that compiles the C targets; it finds libgomp's link in the
# directory of the gcc installation that it selects, so it is the one to ask.
compiler=$(command -v clang || true)
beside=$(dirname "$(readlink -f "$(command -v swift)")")/clang
if [ -x "$beside" ]; then compiler=$beside; fi
if [ -z "$compiler" ]; then compiler=$(command -v cc || true); fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Whether a program with these headers compiles and links with these libraries.
# usage: builds "HEADERS" "LIBRARIES"
builds() {
  local header
  {
    printf '#include <stdio.h>\n'
    for header in $1; do printf '#include <%s>\n' "$header"; done
    printf 'int main(void) { return 0; }\n'
  } >"$scratch/probe.c"
  # shellcheck disable=SC2086 # the libraries are words
  [ -n "$compiler" ] && "$compiler" -o "$scratch/probe" "$scratch/probe.c" $2 2>"$scratch/log"
}

everything_builds() {
  builds "png.h jpeglib.h dnnl.h" "-lpng -ljpeg -ldnnl -lgomp -lm"
}

# The Debian packages that are missing, one a line; all of them where nothing links at all.
missing_packages() {
  command -v make >/dev/null || echo make
  if builds "" ""; then
    builds "" -lgomp || gomp_package
  else
    printf 'gcc\nlibc6-dev\n'
  fi
  builds png.h -lpng || echo libpng-dev
  builds jpeglib.h -ljpeg || echo libjpeg-dev
  builds dnnl.h -ldnnl || echo libdnnl-dev
}

# The package with libgomp's link for the gcc installation that the compiler selects.
gomp_package() {
  local selected
  selected=$("$compiler" -v 2>&1 | sed -n 's/^Selected GCC installation: .*\///p' || true)
  if [ -n "$selected" ]; then echo "libgcc-$selected-dev"; else echo gcc; fi
}

install() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "missing: $*; as root, run: apt-get install $*"
      exit 1
    fi
    as_root=(sudo)
  fi
  say "installing $* with apt-get"
  "${as_root[@]}" apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends "$@" >&2
}

if command -v make >/dev/null && everything_builds; then exit 0; fi

packages=$(missing_packages | tr '\n' ' ')
if ! command -v apt-get >/dev/null; then
  say "missing here (by Debian's names): $packages"
  say "install them and run this again:"
  say "  Debian, Ubuntu: make gcc libpng-dev libjpeg-dev libdnnl-dev"
  say "  Fedora:         make gcc libgomp libpng-devel libjpeg-turbo-devel onednn-devel"
  say "  Homebrew:       make gcc libpng jpeg-turbo onednn"
  exit 1
fi

# shellcheck disable=SC2086 # the packages are words
install $packages
if ! everything_builds; then
  say "a program with png.h, jpeglib.h and dnnl.h still does not build with $compiler:"
  cat "$scratch/log" >&2
  exit 1
fi
