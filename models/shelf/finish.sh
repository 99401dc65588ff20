#!/usr/bin/env bash
# From a checkpoint to everything that ships: ONNX files, weights of gaps, calibration, stored vectors, figures.
#   models/shelf/finish.sh <last.pt> <train folder> <test folder>
# The first 130 test pictures give the figures, the rest fits gap weights and calibration.
set -euo pipefail
cd "$(dirname "$0")/../.."
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
python=${PYTHON:-/usr/bin/python3}
node=node_modules/.bin/node
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$python models/shelf/export.py --weights "$1" --data "$2" --out models/shelf --pictures 24 2>/dev/null
$node models/shelf/detect.ts "$3" models/shelf/shelf-int8.onnx 130 100 >"$work/fit.ndjson"
$node models/shelf/fit-gaps.ts "$3" "$work/fit.ndjson" device/vision/shelf
node_modules/.bin/biome format --write device/vision/shelf >/dev/null
$node models/shelf/store-vectors.ts "$3" 35
$node models/shelf/detect.ts "$3" models/shelf/shelf-int8.onnx 0 130 >"$work/found.ndjson"
$python models/shelf/evaluate.py --data "$3" --detections "$work/found.ndjson" --count 130
$python models/shelf/evaluate.py --data "$3" --detections "$work/found.ndjson" --count 130 --smallest 24
