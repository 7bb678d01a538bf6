#!/usr/bin/env bash
# Check the form of every source: Swift by swift-format's rules, scripts by their own compilers,
# and no trailing blanks anywhere. Reports everything that is wrong, then fails.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
fail() {
  printf 'lint: %s\n' "$*" >&2
  failed=1
}

# The text files of the project, each ended by a zero byte. Snapshots keep what was printed.
texts() {
  local places=() place
  for place in Makefile Package.swift .swift-format .gitignore ./*.md \
    .ci Scripts Sources Tests Documentation man benchmarks fixtures; do
    if [ -e "$place" ]; then places+=("$place"); fi
  done
  find "${places[@]}" -type d -iname '*snapshots*' -prune -o -type f \
    \( -name '*.swift' -o -name '*.[ch]' -o -name '*.py' -o -name '*.sh' -o -name '*.md' \
    -o -name '*.1' -o -name '*.1.in' -o -name Makefile -o -path '.ci/*' -o -name '.[a-z]*' \) -print0
}

swift format lint --strict --parallel --recursive Package.swift Sources Tests ||
  fail "swift-format has found the above; 'make format' mends most of it"

if texts | xargs -0 grep -nHE '[[:blank:]]+$' /dev/null >&2; then
  fail "the lines above end in blanks"
fi

while IFS= read -r -d '' file; do
  case $file in
    *.sh | .ci/run) bash -n "$file" || fail "$file is no shell script" ;;
    *.py)
      if command -v python3 >/dev/null; then
        # Compiled in memory: no __pycache__ stays behind.
        python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$file" ||
          fail "$file does not compile"
      else
        echo "lint: no python3 here: $file is not checked" >&2
      fi
      ;;
  esac
done < <(texts)

# What callers ask for is what a model can do, never which one it is. The names are those of the families and of the zoo.
names=$({
  grep -rhoE '^public protocol [A-Za-z]+' Sources/Models/Families | sed 's/.* //'
  sed -nE 's/^    ([A-Za-z]+)\.self,$/\1/p' Sources/Models/Zoo/Zoo.swift
} | grep -vx PixelStepper | paste -sd '|')
if grep -rnwE --include='*.swift' "$names" Sources |
  grep -vE '^Sources/(Models/(Families|Zoo)|TestSupport)/|:[0-9]+: *//' >&2; then
  fail "the lines above name a family or a model: ask for what it can do (Documentation/AddingAModel.md)"
fi

exit "$failed"
