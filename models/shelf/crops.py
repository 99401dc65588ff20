"""Training crops: random zoom, place, mirror, light; boxes and targets for the heat maps."""

import os
import random

import numpy as np
import torch
from PIL import Image

from net import STRIDE

SMALLEST_PX = 11  # narrower facings and gaps are left to a closer look
EDGE_KEPT = 0.45  # a box with less of its area inside the crop is neither a hit nor a miss


def names(folder):
    return sorted(f[:-4] for f in os.listdir(folder) if f.endswith(".npy") and not f.endswith(".part.npy"))


def load(folder, name):
    return Image.open(os.path.join(folder, name + ".jpg")), np.load(os.path.join(folder, name + ".npy"))


class Pictures:
    """A folder's pictures, decoded once: half of a crop's cost is its JPEG. 1.2 MB each at 640 x 640."""

    def __init__(self, folder, most):
        self.folder, self.most, self.held = folder, most, {}

    def get(self, name):
        if name in self.held:
            return self.held[name]
        img, boxes = load(self.folder, name)
        img = img.convert("RGB")
        if len(self.held) < self.most:
            self.held[name] = (img, boxes)
        return img, boxes


def zoom_for(rng, boxes):
    """Brings a picture's products to the widths that device/vision shows the network (detector/views.ts), with slack."""
    facings = boxes[(boxes[:, 0] == 0) & (boxes[:, 1] == 0)]
    usual = float(np.median(facings[:, 4] - facings[:, 2])) if len(facings) else 48.0
    wanted = np.exp(rng.uniform(np.log(24), np.log(64)))
    return min(2.2, max(0.4, wanted / max(usual, 6.0)))


def crop(rng, img, boxes, size):
    w, h = img.size
    side = min(size / zoom_for(rng, boxes), w, h)
    x, y = rng.uniform(0, w - side), rng.uniform(0, h - side)
    k = size / side
    stretch = rng.uniform(0.85, 1.0)  # a little wider or narrower than seen
    sx, sy = (side, side * stretch) if rng.random() < 0.5 else (side * stretch, side)
    part = img.resize((size, size), Image.BILINEAR, (x, y, x + sx, y + sy))
    b = boxes.copy()
    b[:, 2::2] = (b[:, 2::2] - x) * size / sx
    b[:, 3::2] = (b[:, 3::2] - y) * size / sy
    full = (b[:, 4] - b[:, 2]) * (b[:, 5] - b[:, 3])
    b[:, 2:] = b[:, 2:].clip(0, size)
    left = (b[:, 4] - b[:, 2]) * (b[:, 5] - b[:, 3])
    keep = left > 4
    b, share = b[keep], (left / np.maximum(full, 1))[keep]
    b[share < EDGE_KEPT, 1] = 1
    small = np.minimum(b[:, 4] - b[:, 2], b[:, 5] - b[:, 3])
    b[(small < SMALLEST_PX) & (b[:, 0] != 2), 1] = 1
    b[small < 5, 1] = 1
    a = np.asarray(part).astype(np.float32) / 255
    if rng.random() < 0.5:
        a = a[:, ::-1]
        b[:, [2, 4]] = size - b[:, [4, 2]]
    a = a * rng.uniform(0.75, 1.25) + rng.uniform(-0.06, 0.06)
    a = a * np.array([rng.gauss(1, 0.06) for _ in range(3)], np.float32)
    if rng.random() < 0.25:
        grey = a.mean(2, keepdims=True)
        a = grey + (a - grey) * rng.uniform(0.0, 1.3)
    if rng.random() < 0.06:
        a = a[..., rng.sample([0, 1, 2], 3)]
    return np.ascontiguousarray(a.clip(0, 1).transpose(2, 0, 1)), b


def targets(boxes, size):
    """heat 3 x g x g, weight 3 x g x g (0 where it is not known), box 4 x g x g in pixels, box weight g x g."""
    g = size // STRIDE
    heat = np.zeros((3, g, g), np.float32)
    known = np.ones((3, g, g), np.float32)
    box = np.zeros((4, g, g), np.float32)
    weight = np.zeros((g, g), np.float32)
    area = -(boxes[:, 4] - boxes[:, 2]) * (boxes[:, 5] - boxes[:, 3])
    for cls, unsure, x0, y0, x1, y1 in boxes[np.lexsort((area,))]:
        c = int(cls)
        ax, ay = max(0, int(x0 // STRIDE)), max(0, int(y0 // STRIDE))
        bx, by = min(g, int(np.ceil(x1 / STRIDE))), min(g, int(np.ceil(y1 / STRIDE)))
        if bx <= ax or by <= ay:
            continue
        if unsure:
            known[c, ay:by, ax:bx] = 0
            continue
        cx, cy = (x0 + x1) / 2 / STRIDE, (y0 + y1) / 2 / STRIDE
        ix, iy = min(g - 1, int(cx)), min(g - 1, int(cy))
        sx, sy = max(0.6, (x1 - x0) / STRIDE * 0.09), max(0.6, (y1 - y0) / STRIDE * 0.09)
        gx = np.exp(-((np.arange(ax, bx) - ix) ** 2) / (2 * sx * sx))
        gy = np.exp(-((np.arange(ay, by) - iy) ** 2) / (2 * sy * sy))
        bump = (gy[:, None] * gx[None, :]).astype(np.float32)
        np.maximum(heat[c, ay:by, ax:bx], bump, out=heat[c, ay:by, ax:bx])
        near = bump > 0.3
        total = bump[near].sum()
        part = weight[ay:by, ax:bx]
        part[near] = bump[near] / max(total, 1e-6)
        for i, v in enumerate((x0, y0, x1, y1)):
            box[i, ay:by, ax:bx][near] = v
        known[c, iy, ix] = 1
    return heat, known, box, weight


def batch(rng, pictures, listing, n, size):
    xs, ts = [], []
    for _ in range(n):
        img, boxes = pictures.get(rng.choice(listing))
        x, b = crop(rng, img, boxes, size)
        xs.append(x)
        ts.append(targets(b, size))
    stacked = [torch.from_numpy(np.stack(t)) for t in zip(*ts)]
    return torch.from_numpy(np.stack(xs)), stacked


def generator(seed):
    return random.Random(seed)
