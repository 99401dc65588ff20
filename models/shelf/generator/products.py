"""Made-up products: size in centimetres, pictures of the front, colours of side and top.

Products come in brands whose variants share a layout and differ in an accent, because neighbours on a real shelf
look alike. Sizes follow common grocery and household packs.
"""

import colorsys
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT_FOLDER = "/usr/share/fonts/truetype/dejavu/"
FONTS = [
    "DejaVuSans-Bold.ttf",
    "DejaVuSans.ttf",
    "DejaVuSerif-Bold.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono-Bold.ttf",
]
WORDS = (
    "OATLY MIRA Solo BIO Fresh nova Gran KIX Lumo vita Alba ROKO Pure Tosca mild EXTRA Zest Polar Nuvo Hygge CLEAN "
    "Sol Terra Brio lily MAXI Uno Duo Aroma Kraft Delta Nord Casa Verde Rosso Blanc Royal Prima Vivo Onda Mare "
    "Crunch Soft Strong Classic Original ZERO light Family Plus Ultra Active Natural Fruit Berry Lemon Mint Cocoa"
).split()

# kind: (width, height, depth) ranges in cm, relative frequency
KINDS = {
    "box": ((5, 22), (8, 32), (3, 14), 26),
    "flatbox": ((12, 26), (5, 14), (8, 20), 6),
    "carton": ((6, 9.5), (14, 25), (6, 9.5), 8),
    "bottle": ((5.5, 9.5), (19, 34), None, 16),
    "jug": ((9, 16), (20, 32), (7, 12), 6),
    "can": ((5.2, 10), (7, 17), None, 9),
    "jar": ((5.5, 11), (7, 17), None, 7),
    "bag": ((10, 26), (14, 36), (5, 12), 10),
    "pouch": ((8, 17), (12, 26), (4, 8), 5),
    "tub": ((8, 18), (5, 13), None, 5),
    "tube": ((4, 7), (13, 20), (4, 6), 3),
    "multipack": ((14, 28), (10, 24), (10, 20), 5),
    "blister": ((7, 14), (12, 24), (1.5, 4), 6),
    "wide": ((20, 38), (9, 22), (10, 20), 4),
    "bale": ((18, 34), (12, 26), (10, 18), 4),
    "glass": ((5.5, 8.5), (18, 32), None, 9),
}
ROUND = {"bottle", "glass", "can", "jar", "tub"}
PANELLED = {"box", "flatbox", "wide", "carton", "multipack"}
STACKS = {"box", "flatbox", "can", "jar", "tub", "multipack"}
LONG_SIDE_PX = 168


@dataclass
class Product:
    kind: str
    width: float
    height: float
    depth: float
    faces: list
    side: tuple
    top: tuple
    side_print: object = None  # RGB picture of the side panel where it is printed

    @property
    def is_round(self):
        return self.kind in ROUND

    @property
    def stacks(self):
        return self.kind in STACKS


def colour(rng, saturation=None, value=None):
    s = rng.uniform(0, 1) ** 0.7 if saturation is None else saturation
    v = rng.uniform(0.25, 1) if value is None else value
    return tuple(int(255 * c) for c in colorsys.hsv_to_rgb(rng.random(), s, v))


def mix(a, b, t):
    return tuple(int(x + (y - x) * t) for x, y in zip(a, b))


def scaled(c, k):
    return tuple(max(0, min(255, int(x * k))) for x in c)


_fonts = {}


def font(name, size):
    key = (name, max(5, int(size)))
    if key not in _fonts:
        _fonts[key] = ImageFont.truetype(FONT_FOLDER + name, key[1])
    return _fonts[key]


def smooth_noise(rng, w, h, cells, palette):
    """A photograph-like patch: a few random colours blended over a coarse grid."""
    cw, ch = max(2, cells), max(2, int(cells * h / max(1, w)))
    grid = np.zeros((ch, cw, 3), np.uint8)
    for y in range(ch):
        for x in range(cw):
            grid[y, x] = scaled(rng.choice(palette), rng.uniform(0.6, 1.25))
    return Image.fromarray(grid).resize((w, h), Image.BICUBIC)


@dataclass
class Brand:
    word: str
    font: str
    base: tuple
    second: tuple
    text: tuple
    background: str
    logo: str
    logo_at: float
    picture: str
    picture_at: float
    strip: str
    seed: int


def make_brand(rng):
    light = rng.random() < 0.45
    base = rng.choice([(245, 245, 240), colour(rng, rng.uniform(0, 0.25), 0.95)]) if light else colour(rng)
    return Brand(
        word=" ".join(rng.sample(WORDS, 1)),
        font=rng.choice(FONTS),
        base=base,
        second=colour(rng, rng.uniform(0.5, 1)),
        text=(20, 20, 25) if sum(base) > 380 else (250, 250, 250),
        background=rng.choice(["solid", "solid", "vertical", "bands", "diagonal", "photo", "halves"]),
        logo=rng.choice(["plain", "ellipse", "ribbon", "box", "vertical"]),
        logo_at=rng.uniform(0.06, 0.35),
        picture=rng.choice(["circles", "photo", "shape", "none", "window", "bowl", "pack"]),
        picture_at=rng.uniform(0.4, 0.7),
        strip=rng.choice(["none", "bottom", "top", "left", "both"]),
        seed=rng.randrange(1 << 30),
    )


def print_label(rng, brand, accent, w, h):
    """The printed surface of one variant: an RGB image of w x h pixels."""
    w, h = max(8, int(w)), max(8, int(h))
    lay = random.Random(brand.seed)
    palette = [brand.base, brand.second, accent, (250, 250, 250), colour(rng)]
    img = Image.new("RGB", (w, h), brand.base)
    d = ImageDraw.Draw(img)
    if brand.background == "vertical":
        ramp = np.linspace(0, 1, h)[:, None, None]
        a, b = np.array(brand.base), np.array(mix(brand.base, accent, 0.7))
        img = Image.fromarray(np.broadcast_to(a + (b - a) * ramp, (h, w, 3)).astype(np.uint8).copy())
    elif brand.background == "bands":
        at = lay.uniform(0.3, 0.7)
        d.rectangle((0, int(h * at), w, h), fill=accent)
    elif brand.background == "diagonal":
        at = lay.uniform(0.2, 0.8)
        d.polygon([(0, h * at), (w, h * (at - 0.25)), (w, h), (0, h)], fill=accent)
    elif brand.background == "halves":
        # a picture panel beside a panel of text: one package, though it looks like two
        at, panel = int(w * lay.uniform(0.3, 0.7)), lay.choice([accent, brand.second, (245, 245, 245), (30, 30, 34)])
        d.rectangle((at, 0, w, h), fill=panel)
        for i in range(lay.randint(2, 6)):
            y = h * (0.12 + 0.11 * i)
            d.line((at + w * 0.04, y, at + (w - at) * lay.uniform(0.4, 0.9), y), fill=mix(panel, brand.base, 0.8), width=max(1, int(h * 0.02)))
    elif brand.background == "photo":
        img = smooth_noise(lay, w, h, lay.randint(3, 7), palette[:3])
    d = ImageDraw.Draw(img)
    for _ in range(lay.randint(0, 5)):
        c = lay.choice(palette)
        x, y, r = lay.uniform(0, w), lay.uniform(0, h), lay.uniform(0.05, 0.35) * w
        pick = lay.random()
        if pick < 0.45:
            d.ellipse((x - r, y - r * lay.uniform(0.4, 1.4), x + r, y + r), fill=c)
        elif pick < 0.7:
            d.rectangle((x - r, y - r * 0.3, x + r, y + r * 0.3), fill=c)
        else:
            d.polygon([(x, y), (x + r, y + r * lay.uniform(-1, 1)), (x + r * lay.uniform(-1, 1), y + r)], fill=c)
    top = int(h * brand.picture_at)
    size = int(min(w * lay.uniform(0.5, 0.95), h * 0.5))
    left = int((w - size) * lay.uniform(0.2, 0.8))
    box = (left, top - size // 2, left + size, top + size // 2)
    if brand.picture == "photo":
        img.paste(smooth_noise(rng, size + 1, size + 1, rng.randint(4, 9), [accent, colour(rng), colour(rng)]), box[:2])
    elif brand.picture == "circles":
        for _ in range(lay.randint(3, 11)):
            r = size * lay.uniform(0.1, 0.24)
            x, y = left + lay.uniform(0, size), top + lay.uniform(-0.4, 0.4) * size
            d.ellipse((x - r, y - r, x + r, y + r), fill=scaled(accent, lay.uniform(0.6, 1.3)))
            d.ellipse((x - r * 0.5, y - r * 0.7, x, y - r * 0.3), fill=scaled(accent, 1.5))
    elif brand.picture == "shape":
        pts = [(left + lay.uniform(0, size), top + lay.uniform(-0.5, 0.5) * size) for _ in range(lay.randint(4, 8))]
        d.polygon(pts, fill=scaled(accent, lay.uniform(0.5, 1.2)))
    elif brand.picture == "window":
        d.rounded_rectangle(box, radius=size // 6, fill=scaled(accent, 0.7))
        inner = smooth_noise(rng, size, size, 9, [accent, scaled(accent, 0.6), scaled(accent, 1.3)])
        img.paste(inner.crop((0, 0, max(1, size - 6), max(1, size - 6))), (box[0] + 3, box[1] + 3))
    elif brand.picture == "bowl":
        d.pieslice(box, 0, 180, fill=(245, 245, 245))
        d.ellipse((box[0], top - size // 8, box[2], top + size // 8), fill=accent)
    elif brand.picture == "pack":
        paste_packs(img, lay, accent, box)
    d = ImageDraw.Draw(img)
    if brand.strip in ("bottom", "both"):
        d.rectangle((0, int(h * lay.uniform(0.82, 0.93)), w, h), fill=accent)
    if brand.strip in ("top", "both"):
        d.rectangle((0, 0, w, int(h * lay.uniform(0.05, 0.15))), fill=brand.second)
    if brand.strip == "left":
        d.rectangle((0, 0, int(w * 0.15), h), fill=accent)
    write_logo(d, lay, brand, w, h)
    for i in range(lay.randint(1, 4)):
        f = font(lay.choice(FONTS), w * lay.uniform(0.07, 0.15))
        at = (w * lay.uniform(0.05, 0.4), h * (0.3 + 0.12 * i + lay.uniform(0, 0.2)))
        d.text(at, rng.choice(WORDS), font=f, fill=lay.choice([brand.text, accent, (250, 250, 250), (20, 20, 20)]))
    for i in range(lay.randint(0, 6)):
        y = h * (0.72 + 0.035 * i)
        d.line((w * 0.08, y, w * lay.uniform(0.4, 0.9), y), fill=mix(brand.base, brand.text, 0.6))
    if lay.random() < 0.4:
        r, x, y = w * lay.uniform(0.1, 0.2), w * lay.uniform(0.15, 0.85), h * lay.uniform(0.1, 0.9)
        d.ellipse((x - r, y - r, x + r, y + r), fill=lay.choice([(255, 225, 0), (220, 20, 20), (255, 255, 255), accent]))
        d.text((x - r * 0.7, y - r * 0.6), str(lay.randint(1, 99)), font=font(FONTS[0], r), fill=(30, 30, 30))
    return img


def paste_packs(img, lay, accent, box):
    """Packages print pictures of packages: bags, bottles and cups of another shape, which are no facings themselves."""
    x0, y0, x1, y1 = box
    d, n = ImageDraw.Draw(img), lay.choice([1, 1, 2, 3])
    step = (x1 - x0) / n
    for i in range(n):
        c = scaled(lay.choice([accent, (235, 235, 235), (40, 40, 45), (190, 195, 205)]), lay.uniform(0.7, 1.2))
        a, b = x0 + step * (i + 0.08), x0 + step * (i + 0.92)
        form = lay.random()
        if form < 0.4:
            d.polygon([(a, y1), (a, y0 + (y1 - y0) * 0.4), ((a + b) / 2, y0), (b, y0 + (y1 - y0) * 0.4), (b, y1)], fill=c)
        elif form < 0.75:
            d.rounded_rectangle((a, y0, b, y1), radius=max(1, int(step * 0.12)), fill=c)
        else:
            d.polygon([(a, y0), (b, y0), (b - step * 0.12, y1), (a + step * 0.12, y1)], fill=c)
        if step > 14:
            d.rectangle((a + step * 0.12, y0 + (y1 - y0) * 0.5, b - step * 0.12, y0 + (y1 - y0) * 0.75), fill=scaled(c, lay.choice([0.5, 1.6])))


def write_logo(d, lay, brand, w, h):
    y = h * brand.logo_at
    size = w * lay.uniform(0.16, 0.34)
    f = font(brand.font, size)
    tw = d.textlength(brand.word, font=f)
    if tw > w * 0.92:
        f = font(brand.font, size * w * 0.92 / tw)
        tw = d.textlength(brand.word, font=f)
    th = f.size * 1.2
    x = (w - tw) / 2
    if brand.logo == "ellipse":
        d.ellipse((x - tw * 0.12, y - th * 0.3, x + tw * 1.12, y + th * 1.2), fill=brand.second)
    elif brand.logo == "ribbon":
        d.rectangle((0, y - th * 0.1, w, y + th * 1.1), fill=brand.second)
    elif brand.logo == "box":
        d.rectangle((x - 3, y - 2, x + tw + 3, y + th), fill=brand.second)
    ink = brand.text if brand.logo in ("plain", "vertical") else ((255, 255, 255) if sum(brand.second) < 420 else (15, 15, 15))
    d.text((x, y), brand.word, font=f, fill=ink)


def round_shade(img, gloss):
    """Cylinder shading over the columns of an RGBA image."""
    a = np.asarray(img).astype(np.float32)
    t = np.linspace(-1, 1, a.shape[1])
    shade = 0.55 + 0.45 * np.sqrt(np.clip(1 - t * t, 0, 1))
    light = gloss * np.exp(-(((t + 0.45) / 0.12) ** 2)) + gloss * 0.5 * np.exp(-(((t - 0.6) / 0.1) ** 2))
    a[..., :3] = np.clip(a[..., :3] * shade[None, :, None] + 255 * light[None, :, None], 0, 255)
    return Image.fromarray(a.astype(np.uint8), "RGBA")


def crumple(rng, img, strength):
    a = np.asarray(img).astype(np.float32)
    h, w = a.shape[:2]
    n = Image.fromarray(np.array([[rng.randrange(256) for _ in range(5)] for _ in range(7)], np.uint8))
    m = np.asarray(n.resize((w, h), Image.BICUBIC)).astype(np.float32) / 255 - 0.5
    t = np.linspace(-1, 1, w)
    m = m * strength + 0.25 * (np.sqrt(np.clip(1 - t * t * 0.9, 0, 1)) - 0.8)[None, :]
    a[..., :3] = np.clip(a[..., :3] * (1 + m[..., None]), 0, 255)
    return Image.fromarray(a.astype(np.uint8), "RGBA")


def glass_bottle(img, d, lay, w, h, accent, cap, stick):
    """Much glass and neck, what is inside shows through, and the label covers the lower half or less."""
    inside = lay.choice([(28, 14, 12), (18, 34, 18), (70, 28, 12), (45, 14, 24), (190, 92, 24), (205, 130, 40), (200, 208, 205), scaled(accent, 0.5)])
    shoulder, neck = h * lay.uniform(0.28, 0.5), w * lay.uniform(0.13, 0.2)
    pts = [(w * 0.5 - neck, h * 0.04), (w * 0.5 - neck, h * 0.16)]
    for i in range(9):
        t = i / 8
        pts.append((w * 0.5 - neck - (w * 0.49 - neck) * (t * t * (3 - 2 * t)), h * 0.16 + (shoulder - h * 0.16) * t))
    pts += [(w * 0.01, h * 0.97), (w * 0.05, h - 1)]
    clear = lay.random() < 0.25
    d.polygon(pts + [(w - x, y) for x, y in reversed(pts)], fill=inside + (150 if clear else 255,))
    level = h * lay.uniform(0.12, 0.3)
    d.rectangle((w * 0.5 - neck, h * 0.06, w * 0.5 + neck, level), fill=scaled(inside, lay.choice([0.6, 1.4])) + (140 if clear else 255,))
    d.rectangle((w * 0.5 - neck * 1.3, 0, w * 0.5 + neck * 1.3, h * lay.uniform(0.05, 0.09)), fill=cap)
    if lay.random() < 0.25:
        d.rectangle((w * 0.5 - neck * 1.1, h * 0.05, w * 0.5 + neck * 1.1, h * lay.uniform(0.15, 0.3)), fill=cap)
    top = lay.uniform(max(0.42, shoulder / h + 0.02), 0.68)
    stick(w * 0.015, h * top, w * 0.985, h * lay.uniform(min(0.9, top + 0.2), 0.96))


def draw_face(rng, kind, brand, accent, w, h, turn):
    """RGBA picture of a product's front; `turn` rolls the print of round products around."""
    label = lambda lw, lh: print_label(random.Random(brand.seed ^ 77), brand, accent, lw, lh)
    img = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    d = ImageDraw.Draw(img)
    lay = random.Random(brand.seed + 5)
    body = lay.choice([scaled(accent, 0.8), brand.base, (40, 28, 20), (20, 50, 25), (225, 228, 230), brand.second])
    cap = lay.choice([accent, brand.second, (245, 245, 245), (30, 30, 30), (200, 160, 60)])

    def stick(x0, y0, x1, y1):
        lab = label(x1 - x0, y1 - y0)
        if turn:
            lab = Image.fromarray(np.roll(np.asarray(lab), int(turn * lab.width), axis=1))
        img.paste(lab, (int(x0), int(y0)), Image.new("L", lab.size, 255))

    if kind in ("box", "flatbox", "wide"):
        stick(0, 0, w, h)
        if lay.random() < 0.3:
            d.line((0, 0, w, 0), fill=scaled(brand.base, 1.3), width=2)
    elif kind == "carton":
        g = int(h * lay.uniform(0.1, 0.18))
        stick(0, g, w, h)
        d.polygon([(w * 0.04, g * 0.25), (w * 0.96, g * 0.25), (w, g), (0, g)], fill=scaled(brand.base, 0.9))
        d.rectangle((w * 0.05, 0, w * 0.95, g * 0.3), fill=scaled(brand.base, 0.97))
        if lay.random() < 0.7:
            r, x = w * lay.uniform(0.14, 0.22), w * lay.uniform(0.4, 0.6)
            d.ellipse((x - r, g * 0.6 - r * 0.6, x + r, g * 0.6 + r * 1.0), fill=cap)
            d.ellipse((x - r * 0.7, g * 0.6 - r * 0.5, x + r * 0.7, g * 0.6 + r * 0.5), fill=scaled(cap, 1.2))
    elif kind == "bottle":
        sh, neck = h * lay.uniform(0.25, 0.45), w * lay.uniform(0.14, 0.24)
        alpha = lay.choice([255, 255, 255, 205])
        pts = [(w * 0.5 - neck, h * 0.06)]
        for i in range(9):
            t = i / 8
            pts.append((w * 0.5 - neck - (w * 0.49 - neck) * (t * t * (3 - 2 * t)), h * 0.12 + (sh - h * 0.12) * t))
        pts += [(w * 0.01, h * 0.97), (w * 0.06, h - 1)]
        pts = pts + [(w - x, y) for x, y in reversed(pts)]
        d.polygon(pts, fill=body + (alpha,))
        d.rectangle((w * 0.5 - neck * 1.25, 0, w * 0.5 + neck * 1.25, h * lay.uniform(0.06, 0.1)), fill=cap)
        top = lay.uniform(sh / h + 0.02, 0.6)
        stick(w * 0.02, h * top, w * 0.98, h * lay.uniform(max(top + 0.2, 0.75), 0.95))
        if lay.random() < 0.3:
            stick(w * 0.5 - neck, h * 0.14, w * 0.5 + neck, h * 0.22)
        img = round_shade(img, rng.uniform(0, 0.5))
    elif kind == "glass":
        glass_bottle(img, d, lay, w, h, accent, cap, stick)
        img = round_shade(img, rng.uniform(0, 0.6))
    elif kind == "jug":
        body = lay.choice([accent, brand.second, (240, 240, 240), scaled(brand.base, 0.9)])
        d.rounded_rectangle((0, h * 0.2, w - 1, h - 1), radius=int(w * 0.15), fill=body)
        d.polygon([(w * 0.3, h * 0.1), (w * 0.6, h * 0.1), (w * 0.97, h * 0.3), (w * 0.03, h * 0.3)], fill=body)
        d.rectangle((w * 0.3, 0, w * 0.55, h * 0.12), fill=cap)
        if lay.random() < 0.5:
            d.rounded_rectangle((w * 0.66, h * 0.26, w * 0.82, h * 0.5), radius=int(w * 0.07), fill=scaled(body, 0.35))
        stick(w * 0.08, h * lay.uniform(0.4, 0.5), w * 0.92, h * 0.93)
        img = round_shade(img, rng.uniform(0, 0.25))
    elif kind in ("can", "jar"):
        lid = h * (0.05 if kind == "can" else lay.uniform(0.12, 0.2))
        metal = (190, 192, 196) if kind == "can" else cap
        d.rounded_rectangle((0, lid * 0.5, w - 1, h - 1), radius=int(w * 0.08), fill=metal if kind == "can" else body)
        d.rounded_rectangle((w * 0.02, 0, w * 0.98, lid), radius=2, fill=metal)
        if kind == "can":
            stick(0, h * 0.07, w, h * 0.95)
        else:
            stick(0, h * lay.uniform(0.25, 0.4), w, h * lay.uniform(0.8, 0.95))
        img = round_shade(img, rng.uniform(0, 0.4))
    elif kind == "tub":
        d.polygon([(0, h * 0.15), (w, h * 0.15), (w * 0.93, h - 1), (w * 0.07, h - 1)], fill=brand.base)
        lab = label(w, h * 0.8).resize((w, int(h * 0.85)))
        m = Image.new("L", lab.size, 0)
        ImageDraw.Draw(m).polygon([(0, 0), (w, 0), (w * 0.93, lab.height), (w * 0.07, lab.height)], fill=255)
        img.paste(lab, (0, h - lab.height), m)
        d.rectangle((0, 0, w, h * 0.16), fill=cap)
        img = round_shade(img, rng.uniform(0, 0.3))
    elif kind in ("bag", "pouch", "bale"):
        lab = label(w, h)
        m = Image.new("L", (w, h), 0)
        dm = ImageDraw.Draw(m)
        inset = w * lay.uniform(0.02, 0.1)
        if kind == "bag":
            dm.polygon([(inset, 0), (w - inset, 0), (w - 1, h * 0.12), (w - inset * 0.4, h * 0.5), (w - 1, h * 0.9), (w - inset, h), (inset, h), (0, h * 0.9), (inset * 0.4, h * 0.5), (0, h * 0.12)], fill=255)
        else:
            dm.rounded_rectangle((0, 0, w - 1, h - 1), radius=int(inset + 3), fill=255)
        img.paste(lab, (0, 0), m)
        seal = int(h * lay.uniform(0.04, 0.1))
        d.rectangle((inset, 0, w - inset, seal), fill=scaled(brand.base, 0.85))
        img.putalpha(m)
        img = crumple(rng, img, rng.uniform(0.3, 0.9))
    elif kind == "tube":
        d.polygon([(0, 0), (w, 0), (w * 0.82, h * 0.88), (w * 0.18, h * 0.88)], fill=brand.base)
        lab = label(w, h * 0.85)
        m = Image.new("L", lab.size, 0)
        ImageDraw.Draw(m).polygon([(0, 0), (w, 0), (w * 0.82, lab.height), (w * 0.18, lab.height)], fill=255)
        img.paste(lab, (0, 0), m)
        d.rectangle((w * 0.2, h * 0.86, w * 0.8, h), fill=cap)
        img = round_shade(img, rng.uniform(0, 0.3))
    elif kind == "multipack":
        n, rows = lay.randint(2, 4), lay.choice([1, 1, 2])
        inner = lay.choice(["can", "bottle"]) if rows == 1 else "can"
        cell = draw_face(rng, inner, brand, accent, max(8, w // n), max(8, h // rows), 0)
        for r in range(rows):
            for i in range(n):
                img.paste(cell, (i * (w // n), r * (h // rows)), cell)
        veil = Image.new("RGBA", (w, h), (235, 240, 245, 50))
        img = Image.alpha_composite(img, veil)
        ImageDraw.Draw(img).rectangle((0, int(h * 0.55), w, int(h * lay.uniform(0.75, 0.95))), fill=accent + (255,))
    else:  # blister
        stick(0, 0, w, h)
        hole = scaled(brand.base, 0.3)
        d.rectangle((w * 0.42, h * 0.03, w * 0.58, h * 0.06), fill=hole)
        r = lay.uniform(0.25, 0.4)
        d.rounded_rectangle((w * (0.5 - r), h * 0.4, w * (0.5 + r), h * 0.85), radius=8, fill=(215, 218, 222))
        inner = smooth_noise(rng, max(4, int(w * r * 1.4)), max(4, int(h * 0.35)), 4, [accent, (40, 40, 40), brand.second])
        img.paste(inner, (int(w * (0.5 - r * 0.7)), int(h * 0.45)))
    return img


def make_product(rng, brand, kind=None, size=None):
    names = list(KINDS)
    kind = kind or rng.choices(names, [KINDS[k][3] for k in names])[0]
    wr, hr, dr, _ = KINDS[kind]
    w, h = size[:2] if size else (rng.uniform(*wr), rng.uniform(*hr))
    d = size[2] if size else (w if dr is None else rng.uniform(*dr))
    k = LONG_SIDE_PX / max(w, h)
    pw, ph = max(12, int(w * k)), max(12, int(h * k))
    accent = colour(rng, rng.uniform(0.4, 1))
    turns = [0, 0, rng.random()] if kind in ROUND else [0]
    faces = [draw_face(rng, kind, brand, accent, pw, ph, t) for t in turns]
    if kind == "box" and rng.random() < 0.5:
        faces[0] = faces[0].filter(ImageFilter.GaussianBlur(0.3))
    side = rng.choice([scaled(brand.base, 0.75), scaled(accent, 0.8), scaled(brand.second, 0.8), (225, 225, 220)])
    top = scaled(rng.choice([brand.base, accent, brand.second]), 0.95)
    printed = kind in PANELLED and rng.random() < 0.6
    return Product(kind, w, h, d, faces, side, top, print_label(rng, brand, accent, max(12, d * k), ph) if printed else None)


def make_bank(seed, brands):
    """`brands` brands of 2 to 7 variants each; a variant keeps its brand's kind and size three times in four."""
    rng = random.Random(seed)
    bank = []
    for _ in range(brands):
        brand = make_brand(rng)
        first = make_product(rng, brand)
        line = [first]
        for _ in range(rng.randint(1, 6)):
            same = rng.random() < 0.75
            size = (first.width, first.height, first.depth) if same else None
            line.append(make_product(rng, brand, first.kind if same else None, size))
        bank.append(line)
    return bank
