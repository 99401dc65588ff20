"""Paints a layout as a camera sees it and returns the picture with its boxes.

Painter's algorithm: bays and rows from the horizon's far side inwards, in each row back panel, floor, ceiling, items from
the back, then what hangs in front. A second, coarse canvas keeps which item owns each place, so that a box covers what
can be seen of an item and a hidden item is dropped.
"""

import math
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .camera import aim
from .clutter import foreground
from .layout import REAR, REMNANT, make_wall
from .photo import develop
from .products import FONTS, colour, font, mix, scaled, smooth_noise

FACING, GAP, LABEL = 0, 1, 2
SOFT = ("bag", "pouch", "bale", "blister", "tube")  # no flank worth painting
COARSE = 2  # canvas pixels per owner cell
# An item behind another of which more is seen than this (the one before it is cut by the picture's edge, or seen past at an
# angle) could be taken for a facing: neither surely one nor surely none.
CLEAR_BEHIND = 0.4


class Stage:
    def __init__(self, rng, camera):
        self.rng, self.camera = rng, camera
        x0, y0, x1, y1 = camera.window
        self.w, self.h = int((x1 - x0) * camera.scale) + 1, int((y1 - y0) * camera.scale) + 1
        self.img = Image.new("RGB", (self.w, self.h))
        self.draw = ImageDraw.Draw(self.img)
        self.owner = np.zeros((self.h // COARSE + 1, self.w // COARSE + 1), np.int32)
        self.areas = {}
        self.veils = []  # canvas boxes of what hides in part: wire baskets
        self.cache = {}

    def cells(self, x0, y0, x1, y1):
        h, w = self.owner.shape
        a = [int(round(v / COARSE)) for v in (x0, y0, x1, y1)]
        return max(0, a[0]), max(0, a[1]), min(w, a[2]), min(h, a[3])

    def own(self, box, key):
        x0, y0, x1, y1 = self.cells(*box)
        if x1 > x0 and y1 > y0:
            self.owner[y0:y1, x0:x1] = key

    def note_area(self, box, key):
        """Cells of a front as a whole, and of what of it lies on the canvas."""
        x0, y0, x1, y1 = self.cells(*box)
        self.areas[key] = max(1.0, (box[2] - box[0]) * (box[3] - box[1]) / COARSE**2), max(1, (x1 - x0) * (y1 - y0))

    def is_veiled(self, box):
        """Whether a tenth of the box lies behind a veil."""
        area = max(1e-6, (box[2] - box[0]) * (box[3] - box[1]))
        shared = lambda v: max(0, min(v[2], box[2]) - max(v[0], box[0])) * max(0, min(v[3], box[3]) - max(v[1], box[1]))
        return any(shared(v) > 0.1 * area for v in self.veils)

    def own_polygon(self, points, key):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        x0, y0, x1, y1 = self.cells(min(xs), min(ys), max(xs) + COARSE, max(ys) + COARSE)
        if x1 <= x0 or y1 <= y0:
            return
        m = Image.new("1", (x1 - x0, y1 - y0), 0)
        ImageDraw.Draw(m).polygon([(x / COARSE - x0, y / COARSE - y0) for x, y in points], fill=1)
        self.owner[y0:y1, x0:x1][np.asarray(m)] = key

    def rect(self, x0, y0, x1, y1, z=0.0):
        """Canvas box of a frontal rectangle (y up) at depth z."""
        a, b = self.camera.canvas(x0, y1, z), self.camera.canvas(x1, y0, z)
        return a[0], a[1], b[0], b[1]

    def outside(self, box):
        return box[2] < 0 or box[3] < 0 or box[0] > self.w or box[1] > self.h


def shade_at(row, z, style):
    t = min(1, z / row.depth)
    return 1 - style["falloff"] * t


def paint_back(stage, row, style):
    box = stage.rect(row.x0 - 1, row.floor - 2, row.x1 + 1, row.ceiling + (40 if row.is_open else 2), row.depth)
    if stage.outside(box):
        return
    if row.is_open and style["open_top"]:
        box = stage.rect(row.x0 - 1, row.floor - 2, row.x1 + 1, row.ceiling * 0.5 + row.floor * 0.5, row.depth)
    w, h = max(1, int(box[2] - box[0])), max(1, int(box[3] - box[1]))
    if w > 4000 or h > 4000:
        return
    panel = style["panel"].resize((w, h), Image.BILINEAR)
    k = 1 - style["falloff"] * 0.9
    stage.img.paste(panel.point(lambda v: int(v * k)), (int(box[0]), int(box[1])))
    pattern, base = style["pattern"], style["panel_colour"]
    d, mark = stage.draw, scaled(base, k * style["pattern_k"])
    px = stage.camera.zoom(row.depth)
    if pattern == "holes" and px * 2.5 > 4:
        step = 2.5 * px
        y = box[1] + step / 2
        while y < box[3]:
            x = box[0] + step / 2
            while x < box[2]:
                d.ellipse((x - px * 0.3, y - px * 0.3, x + px * 0.3, y + px * 0.3), fill=mark)
                x += step
            y += step
    elif pattern in ("slats", "ribs"):
        step = (7 if pattern == "slats" else 3) * px
        at = box[1] if pattern == "slats" else box[0]
        end = box[3] if pattern == "slats" else box[2]
        while at < end and step > 2:
            if pattern == "slats":
                d.line((box[0], at, box[2], at), fill=mark, width=max(1, int(px * 0.5)))
            else:
                d.line((at, box[1], at, box[3]), fill=mark, width=max(1, int(px * 0.3)))
            at += step
    elif pattern == "mesh" and px > 2:
        step = 4 * px
        for at in np.arange(box[0], box[2], step):
            d.line((at, box[1], at, box[3]), fill=mark, width=1)
        for at in np.arange(box[1], box[3], step):
            d.line((box[0], at, box[2], at), fill=mark, width=1)


def paint_board(stage, row, y, style, lit):
    """Top or underside of a board, in strips that darken towards the back."""
    x0, x1, n = row.x0 - 1.2, row.x1 + 1.2, 6
    for i in range(n):
        z0, z1 = row.depth * (n - 1 - i) / n, row.depth * (n - i) / n
        c = scaled(style["board"], lit * shade_at(row, (z0 + z1) / 2, style))
        p = [stage.camera.canvas(x0, y, z0), stage.camera.canvas(x1, y, z0), stage.camera.canvas(x1, y, z1), stage.camera.canvas(x0, y, z1)]
        stage.draw.polygon(p, fill=c)
        stage.own_polygon(p, 0)
    if style["grid"]:
        c = scaled(style["board"], lit * 0.45)
        for x in np.arange(x0, x1, style["grid"]):
            stage.draw.line([stage.camera.canvas(x, y, 0), stage.camera.canvas(x, y, row.depth)], fill=c)


def paint_walls(stage, row, style):
    if not style["walls"]:
        return
    for x, seen in ((row.x0 - 0.6, stage.camera.x > row.x0), (row.x1 + 0.6, stage.camera.x < row.x1)):
        if not seen:
            continue
        top = row.ceiling if not row.is_open else row.floor + (row.ceiling - row.floor) * 0.6
        p = [(x, row.floor, 0), (x, row.floor, row.depth), (x, top, row.depth), (x, top, 0)]
        stage.draw.polygon([stage.camera.canvas(*q) for q in p], fill=scaled(style["board"], 0.75 * (1 - style["falloff"] * 0.4)))


def sprite(stage, product, face, w, h, shade, tilt):
    key = (id(product), face, w, h, round(shade, 1), round(tilt))
    if key not in stage.cache:
        img = product.faces[face].resize((w, h), Image.BILINEAR if w > 40 else Image.BOX)
        if abs(shade - 1) > 0.02:
            r, g, b, a = img.split()
            lut = [min(255, int(i * shade)) for i in range(256)]
            img = Image.merge("RGBA", (r.point(lut), g.point(lut), b.point(lut), a))
        if round(tilt):
            img = img.rotate(tilt, Image.BILINEAR)
        stage.cache[key] = img
    return stage.cache[key]


def paint_item(stage, item, row, style, key):
    cam, p = stage.camera, item.product
    box = stage.rect(item.x, item.y, item.x + p.width, item.y + p.height, item.z)
    if stage.outside((box[0] - 60, box[1] - 60, box[2] + 60, box[3] + 60)):
        return
    shade = shade_at(row, item.z, style) * (1 if item.z < 4 else style["rear"])
    back = stage.rect(item.x, item.y, item.x + p.width, item.y + p.height, item.z + p.depth)
    if not p.is_round and p.kind not in SOFT:
        side = scaled(p.side, shade * style["side"])
        flank = None
        if box[0] > cam_x(stage):
            flank = [(box[0], box[1]), (back[0], back[1]), (back[0], back[3]), (box[0], box[3])]
        elif box[2] < cam_x(stage):
            flank = [(box[2], box[1]), (back[2], back[1]), (back[2], back[3]), (box[2], box[3])]
        if flank and abs(flank[0][0] - flank[1][0]) > 0.7:
            if p.kind == "carton":
                flank = [(x, y + (box[3] - box[1]) * 0.12 if i < 2 else y) for i, (x, y) in enumerate(flank)]
            paint_flank(stage, p, flank, side, shade * style["side"])
            stage.own_polygon(flank, 0)
        if box[1] > cam_y(stage):
            lid = [(box[0], box[1]), (box[2], box[1]), (back[2], back[1]), (back[0], back[1])]
            stage.draw.polygon(lid, fill=scaled(p.top, shade * style["top"]))
            stage.own_polygon(lid, 0)
    elif p.is_round and p.kind not in ("bottle", "glass") and box[1] > cam_y(stage):
        r = (box[1] - back[1]) / 2
        if r > 0.7:
            stage.draw.ellipse((box[0], box[1] - r * 2 + 1, box[2], box[1] + r * 0.3), fill=scaled(p.top, shade * style["top"]))
            stage.own((box[0], box[1] - r * 1.8, box[2], box[1]), key)
    w, h = max(2, int(round(box[2] - box[0]))), max(2, int(round(box[3] - box[1])))
    if w > 1500 or h > 1500:
        return
    img = sprite(stage, p, item.face, w, h, shade, item.tilt)
    stage.img.paste(img, (int(round(box[0])), int(round(box[1]))), img)
    stage.own(box, key)
    stage.note_area(box, key)


def paint_flank(stage, product, flank, colour, shade):
    """The side of a package between its front edge (first and last point) and its back edge."""
    (fx, y0), (bx, y1), (_, y2), (_, y3) = flank
    if product.side_print is None or abs(fx - bx) < 5 or y3 - y0 < 8:
        stage.draw.polygon(flank, fill=colour)
        for t in (0.25, 0.55, 0.75):
            a = [(fx, y0 + (y3 - y0) * t), (bx, y1 + (y2 - y1) * t)]
            stage.draw.line(a, fill=scaled(colour, 0.8 if sum(colour) > 300 else 1.5), width=max(1, int((y3 - y0) * 0.03)))
        return
    left, top = int(min(fx, bx)), int(min(y0, y1))
    w, h = int(abs(fx - bx)) + 1, int(max(y2, y3) - top) + 1
    if w > 800 or h > 1500:
        stage.draw.polygon(flank, fill=colour)
        return
    sw, sh = product.side_print.size
    # rows of the print run along lines that meet in the vanishing point; columns stay upright
    at, by = [(fx - left, y0 - top), (bx - left, y1 - top), (bx - left, y2 - top), (fx - left, y3 - top)], [(0, 0), (sw, 0), (sw, sh), (0, sh)]
    rows, want = [], []
    for (x, y), (u, v) in zip(at, by):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        want += [u, v]
    part = product.side_print.transform((w, h), Image.PERSPECTIVE, np.linalg.solve(rows, want), Image.BILINEAR)
    mask = Image.new("L", (w, h), 0)
    ImageDraw.Draw(mask).polygon(at, fill=255)
    stage.img.paste(part.point(lambda v: min(255, int(v * shade))), (left, top), mask)


def cam_x(stage):
    return (stage.camera.x - stage.camera.window[0]) * stage.camera.scale


def cam_y(stage):
    return (stage.camera.window[3] - stage.camera.y) * stage.camera.scale


def darken_under_ceiling(stage, row, style):
    """Soft shadow that the board above throws on its row."""
    box = stage.rect(row.x0, row.floor, row.x1, row.ceiling)
    x0, y0, x1, y1 = (int(v) for v in (max(0, box[0]), max(0, box[1]), min(stage.w, box[2]), min(stage.h, box[3])))
    if x1 - x0 < 4 or y1 - y0 < 4 or style["ceiling_shadow"] < 0.05:
        return
    strip = Image.fromarray(style["shadow_ramp"][:, None]).resize((x1 - x0, y1 - y0), Image.BILINEAR)
    part = stage.img.crop((x0, y0, x1, y1))
    stage.img.paste(ImageChops.multiply(part, Image.merge("RGB", (strip, strip, strip))), (x0, y0))


def paint_row(stage, row, style, state):
    if stage.outside(stage.rect(row.x0 - 5, row.floor - 6, row.x1 + 5, row.ceiling + 20)):
        return
    x0, y0, x1, y1 = stage.rect(row.x0 - 1, row.floor, row.x1 + 1, row.ceiling, row.depth)
    stage.own((x0, y0, x1, y1), 0)
    paint_back(stage, row, style)
    paint_walls(stage, row, style)
    if style["boards"]:
        if stage.camera.y > row.floor:
            paint_board(stage, row, row.floor, style, style["floor_lit"])
        if stage.camera.y < row.ceiling and not row.is_open:
            paint_board(stage, row, row.ceiling, style, 0.7)
    if style["hooks"]:
        paint_hooks(stage, row, style)
    cx = stage.camera.x
    order = sorted(row.items, key=lambda i: (-round(i.z, 1), i.y if i.lane >= 0 else i.y - 1000, -abs(i.x + i.product.width / 2 - cx)))
    for item in order:
        state["next"] += 1
        key = state["next"]
        state["items"].append((key, item, row))
        if item.lane >= 0:
            state["lanes"].setdefault((id(row), item.lane), key)
        paint_item(stage, item, row, style, key)
    darken_under_ceiling(stage, row, style)
    state["rows"].append(row)


def paint_hooks(stage, row, style):
    step = max(4.0, row.items[0].product.width if row.items else 8.0)
    for x in np.arange(row.x0 + step / 2, row.x1, step):
        a = stage.camera.canvas(x, row.ceiling - 1, row.depth)
        b = stage.camera.canvas(x, row.ceiling - 1.5, 0)
        stage.draw.line([a, b], fill=style["metal"], width=max(1, int(stage.camera.scale * 0.3)))
        if style["hook_tags"]:
            r = stage.rect(x - 1.6, row.ceiling - 3, x + 1.6, row.ceiling - 0.5, -0.5)
            stage.draw.rectangle(r, fill=(245, 245, 240))


def paint_front(stage, bay, style, state):
    """Rails, fences, dividers, uprights and labels: all in the plane of the shelf's front."""
    d = stage.draw
    for i, row in enumerate(bay.rows):
        below = bay.rows[i - 1].ceiling if i else max(0, row.floor - 16)
        if stage.outside(stage.rect(row.x0 - 5, below - 8, row.x1 + 5, row.floor + 8)):
            continue
        if style["boards"]:
            drop = row.floor - below if i else row.floor
            low = row.floor - min(style["rail"], drop) if i else 0 if style["plinth"] else row.floor - style["rail"]
            box = stage.rect(bay.x0, low, bay.x1, row.floor)
            d.rectangle(box, fill=style["rail_colour"])
            stage.own(box, 0)
            if box[3] - box[1] > 6:
                lip = max(1, int((box[3] - box[1]) * 0.08))
                d.rectangle((box[0], box[1], box[2], box[1] + lip), fill=scaled(style["rail_colour"], 1.2))
                d.rectangle((box[0], box[3] - lip, box[2], box[3]), fill=scaled(style["rail_colour"], 0.7))
                if style["rail_band"]:
                    mid = (box[1] + box[3]) / 2
                    d.rectangle((box[0], mid - lip * 3, box[2], mid + lip * 3), fill=style["rail_band"])
        for x0, x1, h, c in row.trays:
            box = stage.rect(x0, row.floor, x1, row.floor + h, -0.2)
            d.rectangle(box, fill=c)
            stage.own(box, 0)
            if box[3] - box[1] > 8:
                f = font(FONTS[0], (box[3] - box[1]) * 0.5)
                d.text((box[0] + (box[2] - box[0]) * 0.2, box[1] + (box[3] - box[1]) * 0.15), "Prima Nova", font=f, fill=scaled(c, 1.6 if sum(c) < 380 else 0.4))
        paint_fence(stage, row, style)
        for label in row.labels:
            paint_label(stage, label, state)
    if style["posts"]:
        for x in (bay.x0, bay.x1):
            d.rectangle(stage.rect(x - style["posts"], 0, x + style["posts"], bay.rows[-1].floor + style["post_top"], 1.5), fill=style["post_colour"])
            stage.own(stage.rect(x - style["posts"], 0, x + style["posts"], bay.rows[-1].floor, 1.5), 0)


def paint_fence(stage, row, style):
    if row.fence == "none":
        return
    box = stage.rect(row.x0, row.floor, row.x1, row.floor + row.fence_h)
    if stage.outside(box):
        return
    if row.fence == "clear":
        x0, y0, x1, y1 = (int(v) for v in (max(0, box[0]), max(0, box[1]), min(stage.w, box[2]), min(stage.h, box[3])))
        if x1 > x0 and y1 > y0:
            part = stage.img.crop((x0, y0, x1, y1))
            veil = Image.new("RGB", part.size, style["clear"])
            stage.img.paste(Image.blend(part, veil, style["clear_k"]), (x0, y0))
            stage.draw.line((x0, y0, x1, y0), fill=(235, 238, 240), width=max(1, int(stage.camera.scale * 0.25)))
    elif row.fence == "wire":
        for t in (0.5, 1):
            y = box[3] + (box[1] - box[3]) * t
            stage.draw.line((box[0], y, box[2], y), fill=style["metal"], width=max(1, int(stage.camera.scale * 0.3)))
        for x in np.arange(box[0], box[2], max(6, stage.camera.scale * 4)):
            stage.draw.line((x, box[1], x, box[3]), fill=style["metal"], width=1)
    else:
        for x in row.dividers:
            p = [stage.camera.canvas(x, row.floor, 0), stage.camera.canvas(x, row.floor, row.depth)]
            q = [stage.camera.canvas(x, row.floor + row.fence_h, row.depth), stage.camera.canvas(x, row.floor + row.fence_h, 0)]
            stage.draw.line([p[0], q[1]], fill=(215, 220, 225), width=max(1, int(stage.camera.scale * 0.25)))
            stage.draw.line([q[0], q[1]], fill=(200, 205, 210), width=1)


def paint_label(stage, label, state):
    box = stage.rect(label.x, label.y - label.h, label.x + label.w, label.y, -0.6)
    if stage.outside(box):
        return
    w, h = int(box[2] - box[0]), int(box[3] - box[1])
    if w < 3 or h < 2 or w > 900:
        return
    rng = stage.rng
    paper = label.paper
    if label.style == "electronic":
        paper = rng.choice([(205, 208, 205), (226, 228, 226)])
    elif label.style == "borderless":
        paper = (250, 250, 250)
    elif label.style == "promo":
        paper = rng.choice([(255, 225, 0), (225, 25, 30), (255, 140, 0), (40, 160, 70)])
    d = stage.draw
    d.rectangle(box, fill=paper)
    if label.style == "electronic":
        d.rectangle(box, outline=rng.choice([(60, 60, 62), (240, 240, 240)]), width=max(1, int(h * 0.08)))
    elif label.style == "print" and rng.random() < 0.5:
        d.rectangle(box, outline=(150, 150, 150))
    ink = (20, 20, 20) if sum(paper) > 330 else (250, 250, 250)
    if h >= 6:
        right = rng.random() < 0.7
        tall = h * (0.62 if label.style != "print" else 0.5)
        f = font(FONTS[0], min(tall, tall * 0.56 * w / max(1, d.textlength(label.price, font=font(FONTS[0], tall)))))
        d.text((box[0] + w * (0.4 if right else 0.05), box[1] + h * 0.22), label.price, font=f, fill=ink)
        for i in range(2):
            y = box[1] + h * (0.14 + 0.14 * i)
            d.line((box[0] + w * 0.06, y, box[0] + w * rng.uniform(0.35, 0.9), y), fill=mix(paper, ink, 0.7))
        if rng.random() < 0.6 and w > 14:
            y0 = box[1] + h * 0.66
            for i in range(int(w * 0.14)):
                x = box[0] + w * 0.06 + i * 2
                d.line((x, y0, x, box[3] - 2), fill=ink)
    state["next"] += 1
    state["labels"].append((state["next"], box))
    stage.own(box, state["next"])
    stage.note_area(box, state["next"])


def make_style(rng, kind):
    dark = rng.random() < (0.75 if kind == "fridge" else 0.4)
    base = rng.choice([(232, 232, 228), (205, 208, 210), (240, 236, 222), colour(rng, 0.15, 0.85)])
    if dark:
        base = rng.choice([(18, 18, 20), (38, 40, 44), (14, 48, 40), (60, 42, 30), (25, 30, 60), (5, 5, 5)])
    if rng.random() < 0.1:
        base = rng.choice([(150, 110, 70), (185, 150, 105), colour(rng, 0.6, 0.6)])
    board = base if rng.random() < 0.6 else rng.choice([(235, 235, 232), (60, 62, 66), (150, 152, 156), (190, 160, 115)])
    pattern = rng.choice(["plain", "plain", "plain", "holes", "slats", "ribs", "mesh"])
    if kind == "peg":
        pattern = rng.choice(["holes", "holes", "slats"])
    panel = smooth_noise(rng, 64, 64, 4, [base, scaled(base, 0.93), scaled(base, 1.06)])
    rail = rng.choice([(240, 240, 240), (225, 228, 230), (200, 200, 205), board, (40, 42, 45), colour(rng, 0.8, 0.7)])
    shadow = rng.choice([0.0, 0.25, 0.5, 0.75])
    ramp = (255 * (1 - shadow * np.clip(1.2 - np.arange(32) / 14, 0, 1))).astype(np.uint8)
    return {
        "panel": panel,
        "panel_colour": base,
        "pattern": pattern,
        "pattern_k": rng.choice([0.55, 0.75, 1.3]),
        "board": board,
        "boards": kind != "peg",
        "hooks": kind == "peg",
        "hook_tags": rng.random() < 0.6,
        "grid": rng.uniform(2, 5) if kind == "wire" or rng.random() < 0.12 else 0,
        "walls": rng.random() < 0.4 or kind == "fridge",
        "falloff": rng.choice([0.1, 0.3, 0.55, 0.8]),
        "rear": rng.uniform(0.55, 0.98),
        "side": rng.uniform(0.6, 1.0),
        "top": rng.uniform(0.7, 1.1),
        "floor_lit": rng.uniform(0.7, 1.05),
        "ceiling_shadow": shadow,
        "shadow_ramp": ramp,
        "rail": rng.uniform(1.6, 5),
        "rail_colour": rail,
        "rail_band": rng.choice([None, None, (255, 215, 0), colour(rng, 0.9, 0.8), (250, 250, 250)]),
        "plinth": rng.random() < 0.7,
        "posts": rng.choice([0, 0.8, 1.6, 2.5]),
        "post_top": rng.choice([4, 25, 50]),
        "post_colour": scaled(board, 0.85),
        "metal": rng.choice([(200, 203, 207), (150, 152, 156), (70, 72, 75)]),
        "open_top": rng.random() < 0.5,
        "clear": rng.choice([(235, 240, 245), (200, 210, 220)]),
        "clear_k": rng.uniform(0.1, 0.4),
    }


def paint_surroundings(stage, bays, rng):
    """Wall above and beside the shelf, floor below it."""
    wall = rng.choice([(225, 222, 215), (60, 60, 65), (20, 22, 25), (180, 178, 172), colour(rng, 0.2, 0.8)])
    stage.img.paste(smooth_noise(rng, stage.w, stage.h, rng.choice([2, 3, 8]), [wall, scaled(wall, 0.85), scaled(wall, 1.1)]), (0, 0))
    floor = rng.choice([(200, 195, 188), (120, 118, 115), (160, 140, 120), (215, 215, 212)])
    box = stage.rect(bays[0].x0 - 300, -300, bays[-1].x1 + 300, 0)
    if box[1] < stage.h:
        stage.draw.rectangle(box, fill=floor)
        for _ in range(6):
            x = rng.uniform(0, stage.w)
            stage.draw.line((x, box[1], x + (x - cam_x(stage)) * 2, box[3]), fill=scaled(floor, 0.85))
    if rng.random() < 0.3:
        x = rng.uniform(0, stage.w)
        stage.draw.line((x, 0, x + rng.gauss(0, 30), stage.h * 0.4), fill=(20, 20, 20), width=2)


def frame_box(camera, box):
    """Frame box of a canvas box: the mean of the warped corners on each side."""
    x0, y0, x1, y1 = box
    pts = []
    for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
        q = camera.to_frame @ np.array([x, y, 1.0])
        pts.append(q[:2] / q[2])
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = pts
    return (ax + dx) / 2, (ay + by) / 2, (bx + cx) / 2, (cy + dy) / 2


def seen_box(stage, key, box):
    """What is left of an item: (visible share of its front, of what of it lies on the canvas, canvas box of the visible part)."""
    x0, y0, x1, y1 = stage.cells(box[0] - 80, box[1] - 80, box[2] + 80, box[3] + 80)
    if x1 <= x0 or y1 <= y0:
        return 0, 0, box
    m = stage.owner[y0:y1, x0:x1] == key
    n = int(m.sum())
    if not n or key not in stage.areas:
        return 0, 0, box
    cols, rows = np.flatnonzero(m.sum(0) > 1), np.flatnonzero(m.sum(1) > 1)
    if not len(cols) or not len(rows):
        return 0, 0, box
    whole, inside = stage.areas[key]
    return n / whole, n / inside, ((x0 + cols[0]) * COARSE, (y0 + rows[0]) * COARSE, (x0 + cols[-1] + 1) * COARSE, (y0 + rows[-1] + 1) * COARSE)


def collect(stage, state, before):
    """Boxes on the canvas: (class, unsure, box). A facing is the front of a package: its sides do not belong to the box."""
    out, seen, back = [], {}, set()
    for key, item, row in state["items"]:
        p = item.product
        full = stage.rect(item.x, item.y, item.x + p.width, item.y + p.height, item.z)
        share, inside, box = seen_box(stage, key, full)
        seen[key] = box
        if item.lane == REAR:
            if inside > CLEAR_BEHIND:
                out.append((FACING, True, box))
            continue
        if inside < 0.08:
            continue
        deep = item.z > 1.5 * p.depth and item.z > 8
        out.append((FACING, share < 0.5 or deep or item.lane == REMNANT or stage.is_veiled(box), box))
        if item.lane != REMNANT and item.z > 0.8 * p.depth and item.z > 6:
            # the front position of a pushed-back lane: neither surely a gap nor surely none, and where a gap beside it ends is as unsure
            back.add((id(row), item.lane))
            out.append((GAP, True, stage.rect(item.x, row.floor, item.x + p.width, row.floor + p.height)))
    for row in state["rows"]:
        for g in row.gaps:
            box = list(stage.rect(g.x0, g.y0, g.x1, g.y1))
            wide = box[2] - box[0]
            for lane, side in ((g.left_lane, 0), (g.right_lane, 2)):
                near = seen.get(state["lanes"].get((id(row), lane)))
                if near:
                    box[side] = max(box[0], near[2]) if side == 0 else min(box[2], near[0])
            if box[2] - box[0] < 3:
                continue
            x0, y0, x1, y1 = stage.cells(*box)
            if x1 <= x0 or y1 <= y0:
                continue
            hidden = float((stage.owner[y0:y1, x0:x1] != before[y0:y1, x0:x1]).mean())
            beside = any((id(row), lane) in back for lane in (g.left_lane, g.right_lane))
            unsure = g.unsure or beside or box[2] - box[0] < 0.5 * wide or hidden > 0.45 or stage.is_veiled(box)
            out.append((GAP, unsure, tuple(box)))
    for key, box in state["labels"]:
        share, _, part = seen_box(stage, key, box)
        if share > 0.1:
            out.append((LABEL, share < 0.5 or stage.is_veiled(part), part))
    return out


def is_too_small(cls, w, h, hard):
    """What is smaller is left to a closer look, in training and in evaluation."""
    if cls == LABEL:
        return w < (5 if hard else 8) or h < 5
    return min(w, h) < (7 if hard else 13)


def render(seed, bank, frame=640, hard_share=0.1):
    """(RGB image of frame x frame, array n x 6 of class, unsure, x0, y0, x1, y1 in pixels) of one shelf.

    `hard_share` of the seeds are pictures from far away, at steep angles, dark, blurred."""
    rng = random.Random(seed)
    hard = random.Random(seed ^ 0x5EED).random() < hard_share
    bays = make_wall(rng, bank)
    camera = aim(rng.randrange(1 << 30), bays, frame, hard)
    stage = Stage(rng, camera)
    paint_surroundings(stage, bays, rng)
    state = {"next": 0, "items": [], "rows": [], "labels": [], "lanes": {}}
    styles, shared = [], None
    for bay in bays:
        if shared is None or shared[0] != bay.kind or rng.random() < 0.15:
            shared = (bay.kind, make_style(rng, bay.kind))
        styles.append(shared[1])
    jobs = [(bay, row, style) for bay, style in zip(bays, styles) for row in bay.rows]
    away = lambda lo, hi, at: 0 if lo <= at <= hi else min(abs(lo - at), abs(hi - at))
    jobs.sort(key=lambda j: (-away(j[0].x0, j[0].x1, camera.x), -away(j[1].floor, j[1].ceiling, camera.y)))
    for _, row, style in jobs:
        paint_row(stage, row, style, state)
    before = stage.owner.copy()
    for bay, style in zip(bays, styles):
        paint_front(stage, bay, style, state)
    foreground(stage, bays)
    boxes = collect(stage, state, before)
    inv = np.linalg.inv(camera.to_frame)
    inv /= inv[2, 2]
    img = stage.img.transform((frame, frame), Image.PERSPECTIVE, inv.flatten()[:8], Image.BILINEAR)
    out = []
    for cls, unsure, box in boxes:
        x0, y0, x1, y1 = frame_box(camera, box)
        w, h = x1 - x0, y1 - y0
        a, b, c, d = max(0, x0), max(0, y0), min(frame, x1), min(frame, y1)
        if c - a < 2 or d - b < 2 or w <= 0 or h <= 0:
            continue
        part = (c - a) * (d - b) / (w * h)
        cut = part < (0.6 if cls == GAP else 0.5)
        out.append((cls, 1 if unsure or cut or is_too_small(cls, c - a, d - b, hard) else 0, a, b, c, d))
    return develop(rng, img, hard), np.array(out, np.float32).reshape(-1, 6)
