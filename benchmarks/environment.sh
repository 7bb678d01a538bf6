#!/usr/bin/env bash
# Make a virtual environment with PyTorch for the CPU, unless it is there: environment.sh FOLDER
# TORCH names the build, PIP_OPTIONS may name an index that has it (--extra-index-url ADDRESS).
set -euo pipefail
cd "$(dirname "$0")"

folder=$1
torch=${TORCH:-torch==2.13.0+cpu}
python=${PYTHON:-python3}

if [ -x "$folder/bin/python" ] &&
  "$folder/bin/python" -c 'import numpy, PIL, torch' 2>/dev/null; then
  exit 0
fi

"$python" -m venv "$folder" || {
  echo "benchmarks: Python 3.10 or later with venv is needed (Debian: python3-venv)" >&2
  exit 1
}
# shellcheck disable=SC2086 # the options are words
"$folder/bin/pip" install --quiet ${PIP_OPTIONS:-} "$torch" -r requirements.txt || {
  echo "benchmarks: '$torch' could not be installed. Name an index that has builds for the CPU" >&2
  echo "by PIP_OPTIONS='--extra-index-url ADDRESS', or take another build: TORCH=torch==2.13.0" >&2
  exit 1
}
