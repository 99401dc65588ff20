"""Penalty-reduced focal loss for the heat maps (CornerNet, Law & Deng 2018) and GIoU for the boxes."""

import torch
import torch.nn.functional as F

from net import DISTANCE_PX, STRIDE


def focal(logits, heat, known):
    p = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    peak = (heat > 0.999).float()
    pos = -((1 - p) ** 2) * torch.log(p) * peak
    neg = -((1 - heat) ** 4) * p**2 * torch.log(1 - p) * (1 - peak)
    count = (peak * known).sum((0, 2, 3)).clamp(min=4.0)
    per_class = ((pos + neg) * known).sum((0, 2, 3)) / count
    return per_class


def decode(dist):
    """Raw distances n x 4 x g x g -> boxes in pixels."""
    d = F.softplus(dist) * DISTANCE_PX
    g_h, g_w = dist.shape[2:]
    x = (torch.arange(g_w, device=dist.device) + 0.5) * STRIDE
    y = (torch.arange(g_h, device=dist.device) + 0.5) * STRIDE
    return torch.stack([x[None, None] - d[:, 0], y[None, :, None] - d[:, 1], x[None, None] + d[:, 2], y[None, :, None] + d[:, 3]], 1)


def giou(dist, box, weight):
    i, y, x = torch.nonzero(weight > 0, as_tuple=True)
    if i.numel() == 0:
        return dist.sum() * 0
    p = decode(dist)[i, :, y, x]
    t, w = box[i, :, y, x], weight[i, y, x]
    lt, rb = torch.maximum(p[:, :2], t[:, :2]), torch.minimum(p[:, 2:], t[:, 2:])
    inter = (rb - lt).clamp(min=0).prod(1)
    ap, at = (p[:, 2:] - p[:, :2]).clamp(min=0).prod(1), (t[:, 2:] - t[:, :2]).prod(1)
    union = ap + at - inter + 1e-6
    hull = (torch.maximum(p[:, 2:], t[:, 2:]) - torch.minimum(p[:, :2], t[:, :2])).prod(1) + 1e-6
    g = inter / union - (hull - union) / hull
    return ((1 - g) * w).sum() / w.sum()
