"""From heat maps to boxes: 3 x 3 peaks, then soft suppression of overlaps within a class.

device/vision does the same; besides, it looks twice and doubts what stronger boxes cover."""

import numpy as np
import torch
import torch.nn.functional as F

from losses import decode

# For facing, gap, label as in device/vision/detector/suppress.ts: IoU from which two boxes are one thing; IoU from which the
# weaker counts `overlap_worth`; share inside a stronger box above which it counts `inside_worth`.
SAME, OVERLAP, OVERLAP_WORTH = (0.75, 0.7, 0.7), (0.55, 0.4, 0.4), (0.3, 0.5, 0.3)
INSIDE, INSIDE_WORTH = (0.9, 0.8, 0.8), (0.5, 0.7, 0.5)
FLOOR = 0.03


def peaks(y, floor=0.05, most=400):
    """Raw output 1 x 7 x g x g -> array n x 6 of class, score, x0, y0, x1, y1 in pixels."""
    heat = torch.sigmoid(y[:, :3])
    top = F.max_pool2d(heat, 3, 1, 1) == heat
    box = decode(y[:, 3:])[0]
    found = []
    for c in range(3):
        iy, ix = torch.nonzero(top[0, c] & (heat[0, c] > floor), as_tuple=True)
        s = heat[0, c, iy, ix]
        b = box[:, iy, ix].t()
        for row in torch.cat([torch.full_like(s, c)[:, None], s[:, None], b], 1).tolist():
            found.append(row)
    found.sort(key=lambda r: -r[1])
    return suppress(np.array(found[: most * 3], np.float32).reshape(-1, 6))


def iou(a, b):
    lt, rb = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = np.prod(np.clip(rb - lt, 0, None), 2)
    area = lambda t: np.prod(np.clip(t[:, 2:] - t[:, :2], 0, None), 1)
    return inter / np.maximum(area(a)[:, None] + area(b)[None] - inter, 1e-6)


def inside(strong, weak):
    """Share of each weak box that lies in the strong one."""
    lt, rb = np.maximum(strong[2:4], weak[:, 2:4]), np.minimum(strong[4:6], weak[:, 4:6])
    return np.prod(np.clip(rb - lt, 0, None), 1) / np.maximum(1e-6, np.prod(weak[:, 4:6] - weak[:, 2:4], 1))


def suppress(found):
    kept = []
    for c in range(3):
        rows = found[found[:, 0] == c].copy()
        while len(rows):
            at = int(rows[:, 1].argmax())
            strong = rows[at]
            kept.append(strong)
            rows = np.delete(rows, at, 0)
            if not len(rows):
                break
            overlap = iou(strong[None, 2:], rows[:, 2:])[0]
            beside = np.where(inside(strong, rows) > INSIDE[c], INSIDE_WORTH[c], 1)
            rows[:, 1] *= np.where(overlap > SAME[c], 0, np.where(overlap > OVERLAP[c], OVERLAP_WORTH[c], beside))
            rows = rows[rows[:, 1] >= FLOOR]
    return np.array(kept, np.float32).reshape(-1, 6)
