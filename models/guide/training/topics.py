"""Fits the words-to-topic table of the first layer: softmax over words and pairs of neighbours, one minute.

  python3 models/guide/training/topics.py --corpus build/corpus.ndjson --out device/guidance/retrieval/topic-weights.json
"""
import argparse
import json
import random
from collections import Counter

import torch
import torch.nn.functional as F

TOPICS = ["act", "why", "next", "tell", "customer", "leave", "none"]
FEWEST_USES, EPOCHS, SCALE = 12, 6, 20


def features(question):
    words = ["^", *question.split(), "$"]
    return set(words[1:-1]) | {f"{a} {b}" for a, b in zip(words, words[1:])}


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--corpus", required=True)
    args.add_argument("--out", required=True)
    args = args.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    cases = []
    with open(args.corpus) as file:
        for line in file:
            case = json.loads(line)
            topic = json.loads(case["answer"])["topic"]
            cases.append((sorted(features(case["prompt"].rsplit("\nask ", 1)[1])), TOPICS.index(topic)))
    held, cases = cases[:2000], cases[2000:]
    uses = Counter(feature for found, _ in cases for feature in found)
    known = sorted(feature for feature, count in uses.items() if count >= FEWEST_USES)
    ids = {feature: at for at, feature in enumerate(known)}
    table = torch.nn.EmbeddingBag(len(known), len(TOPICS), mode="sum")
    torch.nn.init.zeros_(table.weight)
    bias = torch.zeros(len(TOPICS), requires_grad=True)
    optimiser = torch.optim.Adam([*table.parameters(), bias], lr=0.02)

    def batch(some):
        rows = [[ids[f] for f in found if f in ids] for found, _ in some]
        offsets = torch.tensor([0, *[len(r) for r in rows][:-1]]).cumsum(0)
        return torch.tensor([i for r in rows for i in r], dtype=torch.long), offsets, torch.tensor([t for _, t in some])

    for _ in range(EPOCHS):
        random.shuffle(cases)
        for at in range(0, len(cases), 256):
            found, offsets, topics = batch(cases[at : at + 256])
            loss = F.cross_entropy(table(found, offsets) + bias, topics, label_smoothing=0.05) + 2e-6 * table.weight.pow(2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        found, offsets, topics = batch(held)
        right = ((table(found, offsets) + bias).argmax(1) == topics).float().mean().item()
        rounded = (table.weight * SCALE).round().int().tolist()
    weights = {feature: row for feature, row in zip(known, rounded) if any(row)}
    with open(args.out, "w") as file:
        json.dump({"topics": TOPICS, "scale": SCALE, "bias": (bias * SCALE).round().int().tolist(), "weights": weights}, file, separators=(",", ":"))
        file.write("\n")
    print(f"{len(weights)} features, {right:.4f} of {len(held)} held-back questions right")


if __name__ == "__main__":
    main()
