"""Trains the detector for a given time and writes checkpoints that a later call goes on from.

    python3 train.py --data /tmp/shelf-data/train --minutes 60 --out /tmp/shelf-run

The learning rate follows the clock (of training time spent), not a number of steps, so a busy machine gets a finished
model in the same time. Uses a GPU where torch finds one, and bfloat16 where the processor computes it (1.7 times as many
steps). Another process cuts the crops (`--workers 0`: this one does). Weights are averaged (EMA); the average is exported.
"""

import argparse
import copy
import math
import os
import random
import time

import torch

import crops
from losses import focal, giou
from net import ShelfNet


def rate(progress, peak, warm=0.03):
    if progress < warm:
        return peak * (0.05 + 0.95 * progress / warm)
    t = (progress - warm) / (1 - warm)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, t))))


CACHED = 4000  # decoded pictures in memory, 5 GB


class Crops(torch.utils.data.IterableDataset):
    """Endless batches from a folder that may still be growing."""

    def __init__(self, seed, folder, count, size):
        self.seed, self.folder, self.count, self.size = seed, folder, count, size

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed * 64 + (worker.id if worker else 0))
        listed, pictures = 0.0, crops.Pictures(self.folder, CACHED)
        while True:
            if time.time() - listed > 60:
                listing, listed = crops.names(self.folder), time.time()
            # Half of the batches hold more and smaller crops of about the same area: from near-by pictures those show it all.
            small = self.size * 5 // 7 // 32 * 32 if rng.random() < 0.5 else self.size
            count = round(self.count * (self.size / small) ** 2)
            x, targets = crops.batch(rng, pictures, listing, count, small)
            yield x, targets, len(listing)


def has_bfloat16():
    try:
        with open("/proc/cpuinfo") as f:
            return "avx512_bf16" in f.read()
    except OSError:
        return False


def save(path, net, ema, opt, spent, step):
    state = {"net": net.state_dict(), "ema": ema.state_dict(), "opt": opt.state_dict(), "spent": spent, "step": step}
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--data", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--minutes", type=float, default=60)
    args.add_argument("--batch", type=int, default=4)
    args.add_argument("--size", type=int, default=448)
    args.add_argument("--rate", type=float, default=2e-3)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--start", help="weights to begin with (fine-tuning)")
    args.add_argument("--workers", type=int, default=1, help="processes that cut crops")
    a = args.parse_args()
    os.makedirs(a.out, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(a.seed)
    net = ShelfNet().to(device).to(memory_format=torch.channels_last)
    if a.start:
        net.load_state_dict(torch.load(a.start, map_location=device)["ema"])
    ema = copy.deepcopy(net)
    decay = [p for p in net.parameters() if p.ndim > 1]
    rest = [p for p in net.parameters() if p.ndim <= 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.02}, {"params": rest, "weight_decay": 0.0}], lr=a.rate)
    path, spent, step = os.path.join(a.out, "last.pt"), 0.0, 0
    if os.path.exists(path):
        state = torch.load(path, map_location=device)
        net.load_state_dict(state["net"])
        ema.load_state_dict(state["ema"])
        opt.load_state_dict(state["opt"])
        spent, step = state["spent"], state["step"]
    total = a.minutes * 60
    data = Crops(a.seed * 7919 + step, a.data, a.batch, a.size)
    batches = torch.utils.data.DataLoader(data, batch_size=None, num_workers=a.workers)
    bfloat16 = device == "cpu" and has_bfloat16()
    mark, saved, sums = time.time(), time.time(), [0.0] * 5
    net.train()
    for x, (heat, known, box, weight), pictures in batches:
        if spent >= total:
            break
        x = x.to(device).to(memory_format=torch.channels_last)
        heat, known, box, weight = (t.to(device) for t in (heat, known, box, weight))
        for group in opt.param_groups:
            group["lr"] = rate(spent / total, a.rate)
        with torch.autocast(device, torch.bfloat16, enabled=bfloat16):
            y = net(x)
        y = y.float()
        f = focal(y[:, :3], heat, known)
        g = giou(y[:, 3:], box, weight)
        loss = f[0] + 1.5 * f[1] + 0.5 * f[2] + 2 * g
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        keep = min(0.998, (1 + step) / (20 + step))
        with torch.no_grad():
            for p, q in zip(ema.state_dict().values(), net.state_dict().values()):
                if p.dtype.is_floating_point:
                    p.lerp_(q, 1 - keep)
                else:
                    p.copy_(q)
        step += 1
        spent += time.time() - mark
        mark = time.time()
        for i, v in enumerate((f[0], f[1], f[2], g, loss)):
            sums[i] += v.item() / 50
        if step % 50 == 0:
            words = " ".join(f"{n} {v:.3f}" for n, v in zip(("facing", "gap", "label", "giou", "loss"), sums))
            print(f"step {step} spent {spent:.0f} s of {total:.0f}, {pictures} pictures, {words}", flush=True)
            sums = [0.0] * 5
        if time.time() - saved > 120:
            save(path, net, ema, opt, spent, step)
            saved = time.time()
    save(path, net, ema, opt, spent, step)


if __name__ == "__main__":
    main()
