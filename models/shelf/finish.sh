#!/usr/bin/env bash
# From a checkpoint to everything that ships: ONNX files, weights of gaps, calibration, stored vectors, figures.
#   models/shelf/finish.sh <last.pt> <train folder> <fit folder> <test folder> [<folder of hard pictures>]
# Gap weights and calibration are fitted on the fit folder; nothing is chosen by the test folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
python=${PYTHON:-/usr/bin/python3}
node=node_modules/.bin/node
int8=models/shelf/shelf-int8.onnx
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

figures() { # <name> <folder> [weighed]
  $node models/shelf/detect.ts "$2" $int8 0 1000 ${3:-} >"$work/found.ndjson"
  echo "== $1"
  $python models/shelf/evaluate.py --data "$2" --detections "$work/found.ndjson" --count 1000 ${3:+--gap-threshold 0.5}
}

$python models/shelf/export.py --weights "$1" --data "$2" --out models/shelf --pictures 24 2>/dev/null
$node models/shelf/detect.ts "$3" $int8 0 2000 >"$work/fit.ndjson"
# Twice: what counts as a facing, which the gaps are weighed by, follows from the calibration.
for _ in 1 2; do $node models/shelf/fit-gaps.ts "$3" "$work/fit.ndjson" device/vision/shelf; done
node_modules/.bin/biome format --write device/vision/shelf >/dev/null
$node models/shelf/store-vectors.ts "$4" 35
figures 'test' "$4"
figures 'test, gaps as reported' "$4" weighed
if [ $# -gt 4 ]; then figures 'hard pictures' "$5"; fi
