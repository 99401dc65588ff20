#!/usr/bin/env bash
# The whole recipe in some three minutes, on few pictures: nothing useful is learned, but every script runs, the loss falls,
# and what is exported agrees with what was trained. CI runs it.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-/usr/bin/python3}
if ! $python -c 'import torch, onnx, PIL' 2>/dev/null; then
  echo 'models/shelf: torch, onnx or PIL is missing; apt-get install python3-torch python3-onnx python3-pil libopenblas0-pthread' >&2
  exit 3
fi
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$python test_shelf.py
$python make_data.py --out "$work/train" --count 24 --brands 20
$python train.py --data "$work/train" --minutes "${MINUTES:-1}" --size 192 --batch 4 --out "$work/run" | tee "$work/log"
$python export.py --weights "$work/run/last.pt" --data "$work/train" --out "$work" --pictures 4 2>/dev/null
$python evaluate.py --data "$work/train" --weights "$work/run/last.pt" --count 4 >"$work/figures"
grep -q facingCountError "$work/figures"
echo 'models/shelf: the recipe runs'
