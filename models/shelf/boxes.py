"""From heat maps to boxes, as device/vision does it: 3 x 3 peaks, then suppression of overlaps within a class."""

import numpy as np
import torch
import torch.nn.functional as F

from losses import decode

OVERLAP = (0.5, 0.4, 0.4)  # IoU above which the weaker box of a class goes


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


def suppress(found):
    kept = []
    for c in range(3):
        rows = found[found[:, 0] == c]
        while len(rows):
            kept.append(rows[0])
            rest = rows[1:]
            if not len(rest):
                break
            rows = rest[iou(rows[:1, 2:], rest[:, 2:])[0] < OVERLAP[c]]
    return np.array(kept, np.float32).reshape(-1, 6)
