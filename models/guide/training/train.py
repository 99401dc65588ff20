"""Trains the guidance model. Stops at --minutes of training time, goes on from its checkpoint when started again.

  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 models/guide/training/train.py \
      --corpus build/corpus.ndjson --out build/run --minutes 55
"""
import argparse
import json
import math
import os
import random
import time

import torch
import torch.nn.functional as F

from model import Llama, Shape
from tokenizer import ASSISTANT, BEGIN, END, PAD, USER, Tokenizer, learn

SLOT_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "slots.json")


def parse():
    args = argparse.ArgumentParser()
    args.add_argument("--corpus", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--minutes", type=float, default=55)
    args.add_argument("--steps", type=int, default=1 << 30, help="stop after so many steps, for smoke runs")
    args.add_argument("--vocabulary", type=int, default=1024)
    args.add_argument("--width", type=int, default=192)
    args.add_argument("--layers", type=int, default=6)
    args.add_argument("--heads", type=int, default=6)
    args.add_argument("--hidden", type=int, default=512)
    args.add_argument("--batch", type=int, default=24)
    args.add_argument("--rate", type=float, default=2e-3)
    args.add_argument("--brief", type=float, default=0.6, help="share of the steps that train on questions alone")
    args.add_argument("--seed", type=int, default=1)
    return args.parse_args()


TOPIC_START = '{"topic":"'


def sequence(tokenizer, case):
    """Begin, user turn, answer, end; where the answer starts and where its topic stands."""
    newline = tokenizer.encode("\n")
    prompt = [BEGIN, USER, *newline, *tokenizer.encode(case["prompt"]), END, *newline, ASSISTANT, *newline]
    answer = tokenizer.encode(case["answer"])
    return prompt + answer + [END], len(prompt), len(prompt) + len(tokenizer.encode(TOPIC_START))


def brief(tokenizer, case):
    """The question alone and the topic it is about: four times as many questions in the same time."""
    lines = case["prompt"].split("\n")
    topic = json.loads(case["answer"])["topic"]
    ids, start, at = sequence(tokenizer, {"prompt": lines[0] + "\n" + lines[-1], "answer": TOPIC_START + topic + '"'})
    return ids[:-1], start, at


# Understanding the question is one token of the answer and the hardest; copying the steps is easy.
PROMPT_WEIGHT, TOPIC_WEIGHT = 0.02, 20.0


def batch_of(cases, device):
    longest = max(len(ids) for ids, _, _ in cases)
    ids = torch.full((len(cases), longest), PAD)
    weight = torch.zeros((len(cases), longest))
    for row, (sequence_ids, start, topic) in enumerate(cases):
        ids[row, : len(sequence_ids)] = torch.tensor(sequence_ids)
        weight[row, :start] = PROMPT_WEIGHT
        weight[row, start : len(sequence_ids)] = 1.0
        weight[row, topic] = TOPIC_WEIGHT
    return ids.to(device), weight[:, 1:].to(device)


def batches(cases, size, chance):
    """Neighbours in length share a batch; the batches come in random order."""
    order = list(range(len(cases)))
    chance.shuffle(order)
    pools = [order[at : at + size * 50] for at in range(0, len(order), size * 50)]
    made = []
    for pool in pools:
        pool.sort(key=lambda at: len(cases[at][0]))
        made += [pool[at : at + size] for at in range(0, len(pool), size)]
    chance.shuffle(made)
    return made


def main():
    args = parse()
    torch.manual_seed(args.seed)
    chance = random.Random(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(args.out, exist_ok=True)
    with open(args.corpus) as file:
        corpus = [json.loads(line) for line in file]
    held, corpus = corpus[:400], corpus[400:]
    tokenizer_path = os.path.join(args.out, "tokenizer.json")
    if not os.path.exists(tokenizer_path):
        with open(SLOT_FILE) as file:
            slots = json.load(file)
        learn((c["prompt"] + "\n" + c["answer"] for c in corpus[:8000]), slots, args.vocabulary).save(tokenizer_path)
    tokenizer = Tokenizer.load(tokenizer_path)
    cases = [sequence(tokenizer, case) for case in corpus]
    held_cases = [sequence(tokenizer, case) for case in held]
    print(f"{len(cases)} cases, {sum(len(i) for i, _, _ in cases) / len(cases):.0f} tokens each, {len(tokenizer)} tokens known", flush=True)

    shape = Shape(len(tokenizer), args.width, args.layers, args.heads, args.hidden)
    model = Llama(shape).to(device)
    decayed = [p for p in model.parameters() if p.dim() == 2]
    plain = [p for p in model.parameters() if p.dim() != 2]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}], lr=args.rate, betas=(0.9, 0.95)
    )
    checkpoint = os.path.join(args.out, "checkpoint.pt")
    step, trained = 0, 0.0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, trained = saved["step"], saved["trained"]
        chance.seed(args.seed + step)
        print(f"goes on at step {step}, {trained / 60:.1f} minutes", flush=True)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters on {device}", flush=True)

    def save():
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "trained": trained, "shape": shape.as_dict()}
        torch.save(state, checkpoint + ".part")
        os.replace(checkpoint + ".part", checkpoint)

    def done():
        return min(1.0, max(trained / (args.minutes * 60), step / args.steps))

    budget, queue, shown, saved_at = args.minutes * 60, [], [], trained
    while done() < 1:
        started = time.process_time() if device == "cpu" else time.time()
        if not queue:
            queue = batches(cases, args.batch, chance)
        if chance.random() < args.brief * (1 - done()):
            ids, weight = batch_of([brief(tokenizer, case) for case in chance.choices(corpus, k=4 * args.batch)], device)
        else:
            ids, weight = batch_of([cases[at] for at in queue.pop()], device)
        rate = args.rate * min(1.0, (step + 1) / 100) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done())))
        for group in optimiser.param_groups:
            group["lr"] = rate
        logits = model(ids[:, :-1])
        losses = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1), reduction="none")
        loss = (losses * weight.reshape(-1)).sum() / weight.sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        trained += (time.process_time() if device == "cpu" else time.time()) - started
        shown.append(loss.item())
        if step % 50 == 0:
            print(f"step {step} {trained / 60:.1f}/{budget / 60:.0f} min loss {sum(shown) / len(shown):.4f}", flush=True)
            shown = []
        if trained - saved_at > 120:
            save()
            saved_at = trained
    save()
    model.eval()
    with torch.no_grad():
        right = total = topics = 0
        for at in range(0, len(held_cases), args.batch):
            ids, weight = batch_of(held_cases[at : at + args.batch], device)
            answers = weight >= 1.0
            hits = model(ids[:, :-1]).argmax(-1) == ids[:, 1:]
            right += (hits & answers).sum().item()
            topics += (hits & (weight == TOPIC_WEIGHT)).sum().item()
            total += answers.sum().item()
    print(f"done: step {step}, {trained / 60:.1f} minutes, {right / total:.4f} of held-back answer tokens, {topics / len(held_cases):.4f} of topics right", flush=True)


if __name__ == "__main__":
    main()
