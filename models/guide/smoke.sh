#!/usr/bin/env bash
# The whole recipe in a minute, on few cases: nothing useful is learned, but every script runs, the loss falls, and the
# file that comes out is loaded and measured by the product. CI runs it.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-/usr/bin/python3}
if ! $python -c 'import torch, numpy' 2>/dev/null; then
  echo 'models/guide: torch or numpy is missing; apt-get install python3-torch python3-numpy libopenblas0-pthread' >&2
  exit 3
fi
node=node_modules/.bin/node
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
training=models/guide/training
$node models/guide/corpus/make-questions.ts --out "$work/questions.tsv" --count 6000 --seed 5
$python $training/topics.py --questions "$work/questions.tsv" --epochs 1 --out "$work/topics.json"
$node models/guide/corpus/make-corpus.ts --out "$work/corpus.ndjson" --cases 1500 --seed 5
$python $training/train.py --corpus "$work/corpus.ndjson" --out "$work/run" --minutes 5 --steps 60 --width 64 --layers 2 --heads 2 --hidden 128 | tee "$work/log"
grep -q '^done: step 60' "$work/log"
$python $training/write_gguf.py --run "$work/run" --corpus "$work/corpus.ndjson" --out "$work/smoke.gguf"
$python $training/agreement.py --run "$work/run" --corpus "$work/corpus.ndjson" --out "$work/agreement.json"
$node models/guide/evaluation/evaluate.ts --model "$work/smoke.gguf" --set development --cases 20 >"$work/figures"
grep -q '"structure":1,' "$work/figures"
grep -q '"invented":0,' "$work/figures"
echo 'models/guide: the recipe runs'
