"""The detector: a small residual pyramid with centre-point heads at stride 4.

Input: n x 3 x H x W, RGB 0..1, H and W multiples of 32. Output: n x 7 x H/4 x W/4: three heat-map logits (facing, gap,
label), then four raw distances; softplus of a distance times DISTANCE_PX is the distance in pixels from the centre of
the cell to the box's left, top, right and bottom edge.
"""

import torch
from torch import nn
import torch.nn.functional as F

CLASSES = ("facing", "gap", "label")
STRIDE = 4
DISTANCE_PX = 8.0


def conv(i, o, k=3, s=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = conv(c, c)
        self.b = nn.Sequential(nn.Conv2d(c, c, 3, 1, 1, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class ShelfNet(nn.Module):
    def __init__(self, stem=16, widths=(24, 48, 96, 128), neck=48):
        super().__init__()
        a, b, c, d = widths
        self.stem = conv(3, stem, 3, 2)
        self.s4 = nn.Sequential(conv(stem, a, 3, 2), Block(a))
        self.s8 = nn.Sequential(conv(a, b, 3, 2), Block(b), Block(b))
        self.s16 = nn.Sequential(conv(b, c, 3, 2), Block(c), Block(c))
        self.s32 = nn.Sequential(conv(c, d, 3, 2), Block(d), Block(d))
        self.l32, self.l16 = conv(d, c, 1), conv(c, c, 1)
        self.n16 = conv(c, neck)
        self.l8 = conv(b, neck, 1)
        self.n8 = conv(neck, neck)
        self.l4 = conv(a, neck, 1)
        self.n4 = conv(neck, neck)
        self.heat = nn.Conv2d(neck, 3, 1)
        self.dist = nn.Conv2d(neck, 4, 1)
        nn.init.constant_(self.heat.bias, -4.0)
        nn.init.constant_(self.dist.bias, 2.0)

    def forward(self, x):
        s4 = self.s4(self.stem(x))
        s8 = self.s8(s4)
        s16 = self.s16(s8)
        s32 = self.s32(s16)
        up = lambda t: F.interpolate(t, scale_factor=2.0, mode="nearest")
        p = self.n16(self.l16(s16) + up(self.l32(s32)))
        p = self.n8(self.l8(s8) + up(p))
        p = self.n4(self.l4(s4) + up(p))
        return torch.cat([self.heat(p), self.dist(p)], 1)
