#!/usr/bin/env bash
# Build the image decoders and their mutation test with sanitizers and run it over the fixtures.
#
# usage: Scripts/codec_fuzz.sh ITERATIONS SEED
set -euo pipefail
cd "$(dirname "$0")/.."

iterations=$1 seed=$2
folder=.build/sanitized
compile=$(Scripts/sanitizing_compiler.sh)

# One folder of seeds: the unusual and the broken files, and few of the many equal digits.
rm -rf "$folder/seeds"
mkdir -p "$folder/seeds"
cp -r fixtures/odd fixtures/broken fixtures/digits/3 "$folder/seeds"

# shellcheck disable=SC2086 # the command is words
$compile -std=gnu11 -ISources/CImageCodecs -ISources/CImageCodecs/include \
  -o "$folder/codec_fuzz" Tests/Fuzz/codec_fuzz.c Sources/CImageCodecs/*.c -lpng -ljpeg -lm
"$folder/codec_fuzz" "$folder/seeds" "$iterations" "$seed"
