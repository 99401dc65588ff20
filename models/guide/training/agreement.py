"""Writes what torch says for prompts held back from training, for the test that the GGUF says the same.

  python3 models/guide/training/agreement.py --run build/run --corpus build/corpus.ndjson --out models/guide/agreement.json
"""
import argparse
import json
import os

import torch

from model import Llama, Shape
from tokenizer import END, Tokenizer
from train import TOPIC_START, sequence

CASES, LONGEST = 24, 160


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--run", required=True)
    args.add_argument("--corpus", required=True)
    args.add_argument("--out", required=True)
    args = args.parse_args()
    saved = torch.load(os.path.join(args.run, "checkpoint.pt"), map_location="cpu")
    tokenizer = Tokenizer.load(os.path.join(args.run, "tokenizer.json"))
    model = Llama(Shape(**saved["shape"]))
    model.load_state_dict(saved["model"])
    model.eval()
    made = []
    with open(args.corpus) as file, torch.no_grad():
        for _ in range(CASES):
            case = json.loads(next(file))
            ids, start, _ = sequence(tokenizer, case)
            ids = ids[:start]
            while ids[-1] != END and len(ids) < start + LONGEST:
                ids.append(model(torch.tensor([ids]))[0, -1].argmax().item())
            made.append(
                {
                    "prompt": case["prompt"],
                    "tokens": tokenizer.encode(case["prompt"]),
                    "answer": tokenizer.decode([i for i in ids[start:] if i != END]),
                }
            )
    with open(args.out, "w") as file:
        json.dump({"start": TOPIC_START, "cases": made}, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
