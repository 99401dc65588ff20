"""What stands where: bays, rows, lanes of products and the empty places between them, in centimetres.

x runs to the right, y up from the store's floor, z into the shelf from its front edge. Nothing here knows the camera.
"""

import random
from dataclasses import dataclass, field


REAR = -1  # lane of what stands behind another item
REMNANT = -2  # lane of what is left at the back of a gap


@dataclass
class Item:
    product: object
    face: int
    x: float
    y: float
    z: float
    lane: int
    tilt: float = 0.0


@dataclass
class Gap:
    """An empty front position: from one neighbour to the next, from the board up to the missing product's height."""

    x0: float
    x1: float
    y0: float
    y1: float
    unsure: bool
    left_lane: int
    right_lane: int


@dataclass
class Label:
    x: float
    y: float
    w: float
    h: float
    style: str
    price: str
    paper: tuple


@dataclass
class Row:
    x0: float
    x1: float
    floor: float
    ceiling: float
    depth: float
    is_open: bool
    items: list = field(default_factory=list)
    gaps: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    fence: str = "none"
    fence_h: float = 0.0
    dividers: list = field(default_factory=list)
    trays: list = field(default_factory=list)


@dataclass
class Bay:
    x0: float
    x1: float
    kind: str
    rows: list
    style: dict


def pick_line(rng, bank, tallest):
    for _ in range(12):
        line = rng.choice(bank)
        fitting = [p for p in line if p.height <= tallest]
        if fitting:
            return fitting
    return [min(rng.choice(bank), key=lambda p: p.height)]


def row_lines(rng, bank, clear):
    """Product lines of one row; real rows keep similar heights together."""
    lines, lead = [], pick_line(rng, bank, clear * 0.94)
    lines.append(lead)
    for _ in range(rng.randint(0, 4)):
        for _ in range(6):
            other = pick_line(rng, bank, clear * 0.94)
            if rng.random() < 0.3 or 0.6 < other[0].height / lead[0].height < 1.6:
                lines.append(other)
                break
    return lines


LIMP = ("bag", "pouch", "bale")
FITS = 0.85  # of a product's width; nobody misses one where none would fit
WIDEST_SPACING = 0.35  # of a product's width; wider stretches look empty


def fill_row(rng, row, bank, mood):
    clear = row.ceiling - row.floor
    lines = row_lines(rng, bank, clear)
    spacing = rng.choice([0.1, 0.3, 0.6, 1.2, 2.0]) * (1.6 if row.fence == "dividers" else 1)
    x, lane = row.x0 + rng.choice([0.3, 1, 3]) * rng.random(), 0
    pushed = rng.choice([0, 0, 0.5, 2])
    while x < row.x1 - 4:
        p = rng.choice(rng.choice(lines))
        if p.height > clear * 0.97:
            p = min(rng.choice(lines), key=lambda q: q.height)
            if p.height > clear * 0.97:
                break
        count = rng.choice([1, 1, 1, 2, 2, 3, 3, 4, 5, 6])
        group_x = x
        empty_at = rng.randrange(count + 1) if rng.random() < mood["gap"] else -1
        for i in range(count):
            if i == empty_at:
                x = leave_gap(rng, row, p, x, spacing, mood)
            if x + p.width > row.x1:
                break
            stand(rng, row, p, x, lane, pushed, mood)
            lane += 1
            if row.fence == "dividers":
                row.dividers.append(x - spacing / 2)
            x += p.width + min(spacing * rng.uniform(0.5, 1.5), WIDEST_SPACING * p.width)
            if p.kind in LIMP and mood["crowded"]:
                x -= p.width * rng.uniform(0, 0.12)  # bags bulge over each other
        if empty_at == count and x + p.width < row.x1:
            x = leave_gap(rng, row, p, x, spacing, mood)
        if empty_at == -1 and p.width < 12 and rng.random() < mood["trays"]:
            # shelf-ready packaging: a printed card tray whose lip hides the feet of a group
            row.trays.append((group_x, x, p.height * rng.uniform(0.12, 0.38), p.side if rng.random() < 0.6 else (176, 138, 96)))
        price_tag(rng, row, p, group_x, x, mood)
        x += rng.choice([0, 0, 0, 0, rng.uniform(0, 0.28) * p.width])
    front = [i for i in row.items if i.lane >= 0]
    if front:
        last = max(front, key=lambda i: i.x)
        end = max([last.x + last.product.width, *(g.x1 for g in row.gaps)])
        if row.x1 - end > 1:
            note_gap(row, end, row.x1 - 0.5, last.product)
    close_gaps(row)


def leave_gap(rng, row, p, x, spacing, mood):
    n = rng.choices([1, 2, 3, 5], [62, 24, 10, 4])[0]
    width = n * (p.width + spacing) * rng.uniform(0.9, 1.12)
    width = min(width, row.x1 - x)
    if width <= 1:
        return x
    note_gap(row, x, x + width, p)
    behind = rng.random()
    if behind < mood["remnant"] and row.depth > p.depth * 2.2:
        # what is left of the lane stands at the back
        at = rng.uniform(0.55, 0.9) * row.depth
        if at < 0.7 * row.depth and row.gaps and row.gaps[-1].x0 == x:
            row.gaps[-1].unsure = True  # half way back: empty to one eye, pushed back to another
        for i, z in enumerate(rear_places(at, p.depth, row.depth, 2)):
            aside = max(0, (width - p.width) / 2) * rng.uniform(0.3, 1.6)
            row.items.append(Item(p, 0, x + aside, row.floor, z, REMNANT if i == 0 else REAR))
    return x + width


def note_gap(row, x0, x1, p):
    clear = row.ceiling - row.floor
    height = p.height if row.is_open else max(p.height, 0.55 * clear)
    wide = (x1 - x0) / p.width
    if wide < 0.3:
        return
    row.gaps.append(Gap(x0, x1, row.floor, row.floor + min(height, clear * 0.97), wide < FITS, -1, -1))


def close_gaps(row):
    """Widens gaps to their neighbours and joins the ones that touch."""
    front = sorted((i for i in row.items if i.lane >= 0), key=lambda i: i.x)
    joined = []
    for g in sorted(row.gaps, key=lambda g: g.x0):
        if joined and g.x0 - joined[-1].x1 < 2.5 and not any(joined[-1].x1 - 1 <= i.x < g.x0 + 0.5 for i in front):
            last = joined[-1]
            last.x1, last.y1, last.unsure = g.x1, max(last.y1, g.y1), last.unsure and g.unsure
        else:
            joined.append(g)
    for g in joined:
        left = [i for i in front if i.x + i.product.width / 2 <= g.x0]
        right = [i for i in front if i.x + i.product.width / 2 >= g.x1]
        if left:
            n = max(left, key=lambda i: i.x)
            g.left_lane, g.x0 = n.lane, n.x + n.product.width
        if right:
            n = min(right, key=lambda i: i.x)
            g.right_lane, g.x1 = n.lane, n.x
        beside = [n.product.width for n in front if n.lane in (g.left_lane, g.right_lane)]
        if beside and g.x1 - g.x0 < 0.55 * min(beside):
            g.unsure = True
    row.gaps = joined + unclear_stretches(row, front, joined)


def unclear_stretches(row, front, gaps):
    """Room between two neighbours that is neither surely a gap nor surely none."""
    found = []
    for a, b in zip(front, front[1:]):
        x0, x1 = a.x + a.product.width, b.x
        if x1 - x0 < 0.4 * min(a.product.width, b.product.width) or any(g.x0 < x1 and g.x1 > x0 for g in gaps):
            continue
        top = row.floor + max(a.product.height, b.product.height)
        found.append(Gap(x0, x1, row.floor, top, True, a.lane, b.lane))
    return found


def rear_places(z, depth, shelf, most):
    places, step = [], depth * 1.04
    while z + depth <= shelf + 1 and len(places) < most:
        places.append(z)
        z += step
    return places


def stand(rng, row, p, x, lane, pushed, mood):
    """One lane: the front item, those behind it, and at times a second layer."""
    z = abs(rng.gauss(0, 0.7)) + rng.random() * pushed
    if rng.random() < mood["pushed"]:
        z += rng.uniform(0.2, 1.4) * p.depth
    z = min(z, max(0, row.depth - p.depth))
    n = rng.choice([1, 2, 3, 4, 5, 5])
    face = rng.randrange(len(p.faces))
    for i, at in enumerate(rear_places(z, p.depth, row.depth, n)):
        jitter = 0 if i == 0 else rng.gauss(0, 0.25)
        tilt = rng.gauss(0, mood["tilt"]) if p.kind in (*LIMP, "blister") and i == 0 else 0
        row.items.append(Item(p, face if i == 0 else 0, x + jitter, row.floor, at, lane if i == 0 else REAR, tilt))
    room = (row.ceiling - row.floor) / p.height
    if p.stacks and room > 2.05 and rng.random() < mood["stack"]:
        for layer in range(1, min(int(room), rng.choice([2, 2, 3]))):
            row.items.append(Item(p, 0, x + rng.gauss(0, 0.15), row.floor + layer * p.height, z, lane))


def price_tag(rng, row, p, x0, x1, mood):
    if rng.random() > mood["labels"]:
        return
    w, h = mood["label_size"]
    x = rng.uniform(x0, max(x0, min(x0 + p.width, x1) - w))
    price = f"{rng.randint(0, 29)}.{rng.choice(['99', '49', '95', '89', '29', '00', str(rng.randint(10, 99))])}"
    style = mood["label_style"] if rng.random() < 0.88 else "promo"
    drop = mood["label_drop"]
    if row.labels and x - (row.labels[-1].x + row.labels[-1].w) < 0.3:
        return
    tall = h * (1.5 if style == "promo" else 1)
    row.labels.append(Label(x, row.floor - drop, w, tall, style, price, mood["label_paper"]))


def make_mood(rng):
    """Habits of one store: how full, how tidy, what its labels look like."""
    return {
        "gap": rng.choice([0.05, 0.2, 0.35, 0.55]),
        "remnant": rng.choice([0.05, 0.3, 0.6]),
        "pushed": rng.choice([0, 0.03, 0.12]),
        "trays": rng.choice([0, 0, 0.1, 0.4]),
        "stack": rng.choice([0, 0.25, 0.6]),
        "crowded": rng.random() < 0.5,
        "tilt": rng.choice([1, 2, 4]),
        "labels": rng.choice([0.2, 0.8, 0.97, 0.97]),
        "label_size": (rng.uniform(3.2, 7), rng.uniform(2.2, 4.5)) if rng.random() < 0.8 else (rng.uniform(7, 11), rng.uniform(4, 6.5)),
        "label_style": rng.choice(["print", "print", "colour", "electronic", "borderless"]),
        "label_drop": rng.choice([0.2, 0.3, 0.5, rng.uniform(0.5, 3.0)]),
        "label_paper": rng.choice([(250, 250, 248), (250, 250, 248), (255, 224, 40), (255, 240, 120), (255, 120, 90)]),
    }


def make_bay(rng, bank, x0, x1, kind, base):
    mood = dict(base)
    if rng.random() < 0.12:
        mood["gap"] = 0.8
    rows, y = [], rng.uniform(8, 22)
    depth = rng.uniform(25, 62)
    compact = rng.random() < 0.5
    while y < 195:
        line = rng.choice(bank)
        want = line[0].height
        clear = want * rng.uniform(1.08, 1.25) + 2 if compact else want * rng.uniform(1.15, 1.9) + 3
        clear = max(13, min(60, clear))
        row = Row(x0 + 0.6, x1 - 0.6, y, y + clear, depth if kind != "peg" else rng.uniform(8, 18), False)
        row.fence = mood["fence"]
        row.fence_h = rng.uniform(2, 5.5)
        if kind == "peg":
            row.fence = "none"
        if rng.random() < 0.03:
            note_gap(row, row.x0, row.x1, line[0])
        else:
            fill_row(rng, row, bank, mood)
        rows.append(row)
        y += clear + rng.uniform(2.2, 5)
    last = rows[-1]
    last.is_open = True
    return Bay(x0, x1, kind, rows, {})


def make_wall(rng, bank):
    """Two to four bays side by side."""
    kinds = ["shelf"] * 7 + ["wire", "fridge", "fridge", "peg"]
    mood = make_mood(rng)
    mood["fence"] = rng.choice(["none", "none", "none", "dividers", "clear", "wire"])
    lines = rng.sample(bank, min(len(bank), rng.randint(6, 22)))
    kind, x, bays = rng.choice(kinds), 0.0, []
    for _ in range(rng.randint(2, 4)):
        w = rng.uniform(62, 135)
        bays.append(make_bay(rng, lines, x, x + w, kind, mood))
        x += w
        if rng.random() < 0.15:
            kind = rng.choice(kinds)
    return bays


def make_scene(seed, bank):
    return make_wall(random.Random(seed), bank)
