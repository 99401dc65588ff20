"""Fits the words-to-topic table of the first layer: softmax over hashed words, their neighbours and pieces of words.

  python3 models/guide/training/topics.py --questions build/questions.tsv --out device/guidance/retrieval/topic-weights.json

device/guidance/retrieval/topic-table.ts reads the file and must cut and hash in the same way.
"""
import argparse
import base64
import json
import os
import random

import numpy as np
import torch
import torch.nn.functional as F

TOPICS = ["act", "why", "next", "tell", "customer", "leave", "other", "none"]
BITS, SCALE, BATCH = 16, 24, 512
# People use words that no pattern has; a table that never misses a word trusts single ones too much.
WORDS_DROPPED, FEATURES_DROPPED = 0.12, 0.35


def hashed(text):
    """FNV-1a, 32 bits, over UTF-16 code units; the upper half is folded into the lower."""
    value = 0x811C9DC5
    for unit in np.frombuffer(text.encode("utf-16-le"), dtype=np.uint16):
        value = ((value ^ int(unit)) * 0x01000193) & 0xFFFFFFFF
    return (value ^ (value >> 16)) & ((1 << BITS) - 1)


known = {}


def bucket(text):
    found = known.get(text)
    if found is None:
        found = known[text] = hashed(text)
    return found


pieces_of = {}


def pieces(word):
    found = pieces_of.get(word)
    if found is None:
        framed = f"<{word}>"
        cut = {framed[at : at + size] for size in (3, 4, 5) for at in range(len(framed) - size + 1)}
        found = pieces_of[word] = [bucket(f"c{piece}") for piece in sorted(cut)]
    return found


def features(words):
    framed = ["^", *words, "$"]
    found = set()
    for word in words:
        found.add(bucket(f"w{word}"))
        found.update(pieces(word))
    found.update(bucket(f"p{a} {b}") for a, b in zip(framed, framed[1:]))
    found.update(bucket(f"t{a} {b} {c}") for a, b, c in zip(framed, framed[1:], framed[2:]))
    found.update(bucket(f"s{a} {b}") for a, b in zip(framed, framed[2:]))
    return found


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--questions", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--epochs", type=int, default=3)
    args.add_argument("--rate", type=float, default=0.01)
    args.add_argument("--decay", type=float, default=1e-6)
    args = args.parse_args()
    torch.manual_seed(1)
    chance = random.Random(1)
    cases = []
    with open(args.questions) as file:
        for line in file:
            topic, question = line.rstrip("\n").split("\t")
            cases.append((question.split(" "), TOPICS.index(topic)))
    held, cases = cases[:3000], cases[3000:]
    table = torch.nn.EmbeddingBag(1 << BITS, len(TOPICS), mode="sum")
    torch.nn.init.zeros_(table.weight)
    bias = torch.zeros(len(TOPICS), requires_grad=True)
    optimiser = torch.optim.Adam([*table.parameters(), bias], lr=args.rate)
    steps = args.epochs * len(cases) // BATCH + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.02, 1 - step / steps))

    def batch(some, drops):
        rows, keep = [], 1 - FEATURES_DROPPED
        for words, _ in some:
            if drops:
                words = [word for word in words if chance.random() >= WORDS_DROPPED] or words
            row = np.fromiter(features(words), dtype=np.int64)
            rows.append(row[np.random.rand(len(row)) < keep] if drops else row)
        offsets = torch.tensor([0, *[len(row) for row in rows][:-1]]).cumsum(0)
        return torch.from_numpy(np.concatenate(rows)), offsets, torch.tensor([topic for _, topic in some])

    np.random.seed(1)
    for _ in range(args.epochs):
        chance.shuffle(cases)
        for at in range(0, len(cases), BATCH):
            found, offsets, topics = batch(cases[at : at + BATCH], True)
            scores = table(found, offsets) / (1 - FEATURES_DROPPED) + bias
            loss = F.cross_entropy(scores, topics, label_smoothing=0.05) + args.decay * table.weight.pow(2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    with torch.no_grad():
        found, offsets, topics = batch(held, False)
        weights = (table.weight * SCALE).round().clamp(-127, 127)
        scores = F.embedding_bag(found, weights, offsets, mode="sum") / SCALE + bias
        right = (scores.argmax(1) == topics).float().mean().item()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../device/guidance/procedures")
    procedures = sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".md"))
    body = base64.b64encode(weights.to(torch.int8).numpy().tobytes()).decode()
    with open(args.out, "w") as file:
        json.dump({"topics": TOPICS, "bits": BITS, "scale": SCALE, "procedures": procedures, "bias": (bias * SCALE).round().int().tolist(), "weights": body}, file, separators=(",", ":"))
        file.write("\n")
    print(f"{len(cases)} questions, {right:.4f} of {len(held)} held-back ones right")


if __name__ == "__main__":
    main()
