"""How good a checkpoint is on shelves it has not seen.

    python3 evaluate.py --data /tmp/shelf-data/test --weights /tmp/shelf-run/last.pt
    python3 evaluate.py --data /tmp/shelf-data/test --detections found.ndjson

Prints AP50 per class, the facing count's mean absolute error, gap precision and recall at the shipped thresholds, and for
each class how often a score is right (the table that device/vision calibrates with). Unsure boxes (mostly hidden, cut by
the frame, pushed back) are neither hits nor misses. `--detections` reads boxes that another runtime found: one JSON object
per line, `{"name", "boxes": [[class, score, x0, y0, x1, y1], ...]}`, pixels of the 640 x 640 frame.
"""

import argparse
import json
import os

import numpy as np
import torch

import crops
from boxes import iou, peaks
from net import CLASSES, ShelfNet

CALIBRATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "device", "vision", "shelf", "score-calibration.json")


def shipped_thresholds():
    """Scores from which half of a class's boxes are right, as device/vision counts them."""
    with open(CALIBRATION) as f:
        table = json.load(f)
    grid = np.arange(0.05, 0.95, 0.01)
    worth = [np.interp(grid, *zip(*table[name])) >= 0.5 for name in CLASSES]
    return [float(grid[w.argmax()]) if w.any() else 0.95 for w in worth]


THRESHOLD = shipped_thresholds()


def judge(found, truth, c):
    """(score, is right) of each box of class c; boxes on unsure truth are left out. And the number of sure boxes."""
    f, t = found[found[:, 0] == c], truth[truth[:, 0] == c]
    sure, unsure = t[t[:, 1] == 0], t[t[:, 1] == 1]
    taken, out = np.zeros(len(sure), bool), []
    for row in f:
        o = iou(row[None, 2:], sure[:, 2:])[0] if len(sure) else np.zeros(0)
        o = np.where(taken, 0, o)
        best = int(o.argmax()) if len(o) else -1
        if best >= 0 and o[best] >= 0.5:
            taken[best] = True
            out.append((row[1], 1))
            continue
        if len(unsure):
            near = iou(row[None, 2:], unsure[:, 2:])[0].max()
            lt, rb = np.maximum(row[2:4], unsure[:, 2:4]), np.minimum(row[4:6], unsure[:, 4:6])
            inside = np.prod(np.clip(rb - lt, 0, None), 1) / max(1e-6, np.prod(row[4:6] - row[2:4]))
            if near >= 0.4 or inside.max() >= 0.6:
                continue
        out.append((row[1], 0))
    return out, len(sure)


def average_precision(pairs, total):
    if not pairs or not total:
        return 0.0
    pairs = sorted(pairs, key=lambda p: -p[0])
    hit = np.cumsum([p[1] for p in pairs])
    precision, recall = hit / np.arange(1, len(hit) + 1), hit / total
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], recall])) * precision))


def report(frames):
    """frames: (found, truth) of every picture."""
    result = {"pictures": len(frames)}
    for c, name in enumerate(CLASSES):
        pairs, total = [], 0
        for found, truth in frames:
            p, n = judge(found, truth, c)
            pairs += p
            total += n
        strong = [p for p in pairs if p[0] >= THRESHOLD[c]]
        hits = sum(p[1] for p in strong)
        table = []
        for low in np.arange(0.05, 1, 0.1):
            part = [p[1] for p in pairs if low <= p[0] < low + 0.1]
            table.append([round(float(low), 2), len(part), round(float(np.mean(part)), 3) if part else None])
        result[name] = {
            "ap50": round(average_precision(pairs, total), 4),
            "boxes": total,
            "precision": round(hits / max(1, len(strong)), 4),
            "recall": round(hits / max(1, total), 4),
            "scores": table,
        }
    errors = []
    for found, truth in frames:
        pairs, n = judge(found, truth, 0)
        if n >= 5:
            errors.append(abs(sum(1 for p in pairs if p[0] >= THRESHOLD[0]) - n) / n)
    result["facingCountError"] = round(float(np.mean(errors)), 4) if errors else None
    return result


def without_small(truth, smallest):
    """Boxes narrower than `smallest` pixels become neither hits nor misses: a closer camera would be needed for them."""
    truth = truth.copy()
    truth[truth[:, 4] - truth[:, 2] < smallest, 1] = 1
    return truth


def detect(net, img):
    x = torch.from_numpy(np.asarray(img.convert("RGB")).astype(np.float32).transpose(2, 0, 1)[None] / 255)
    with torch.no_grad():
        return peaks(net(x))


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--data", required=True)
    args.add_argument("--weights")
    args.add_argument("--detections")
    args.add_argument("--count", type=int, default=300)
    args.add_argument("--smallest", type=float, default=0, help="width in pixels below which boxes do not count")
    args.add_argument("--gap-threshold", type=float, help="for detections whose gaps are weighed: 0.5, as they are reported")
    a = args.parse_args()
    if a.gap_threshold is not None:
        THRESHOLD[1] = a.gap_threshold
    listing = crops.names(a.data)[: a.count]
    if a.detections:
        found = {r["name"]: np.array(r["boxes"], np.float32).reshape(-1, 6) for r in map(json.loads, open(a.detections))}
        frames = [(found[n], np.load(os.path.join(a.data, n + ".npy"))) for n in listing if n in found]
    else:
        net = ShelfNet()
        net.load_state_dict(torch.load(a.weights, map_location="cpu")["ema"])
        net.eval()
        frames = []
        for n in listing:
            img, truth = crops.load(a.data, n)
            frames.append((detect(net, img), truth))
    print(json.dumps(report([(f, without_small(t, a.smallest)) for f, t in frames]), indent=1))


if __name__ == "__main__":
    main()
