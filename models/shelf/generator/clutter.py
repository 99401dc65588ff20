"""What stands between camera and shelf: people, hanging strips, signs, baskets, fridge doors."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .products import FONTS, colour, font, scaled, smooth_noise


def foreground(stage, bays):
    rng = stage.rng
    if rng.random() < 0.12:
        person(stage)
    if rng.random() < 0.14:
        strip(stage)
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        wobbler(stage, bays)
    if rng.random() < 0.05:
        basket(stage)
    if any(b.kind == "fridge" for b in bays) and rng.random() < 0.6:
        doors(stage, bays)


def cover(stage, img, x, y):
    stage.img.paste(img, (int(x), int(y)), img)
    m = np.asarray(img.split()[3].resize((max(1, img.width // 2), max(1, img.height // 2)))) > 128
    x0, y0 = int(x) // 2, int(y) // 2
    h, w = stage.owner.shape
    ax, ay = max(0, -x0), max(0, -y0)
    bx, by = min(m.shape[1], w - x0), min(m.shape[0], h - y0)
    if bx > ax and by > ay:
        part = stage.owner[y0 + ay : y0 + by, x0 + ax : x0 + bx]
        part[m[ay:by, ax:bx]] = -1


def person(stage):
    rng = stage.rng
    k = stage.camera.scale * rng.uniform(1.1, 1.8)
    w, h = int(55 * k), int(150 * k)
    if w > 2500 or h > 4000:
        return
    img = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    d = ImageDraw.Draw(img)
    cloth, skin = colour(rng), rng.choice([(224, 180, 150), (150, 105, 75), (95, 65, 50), (240, 205, 180)])
    hair = rng.choice([(30, 25, 22), (90, 60, 35), (190, 160, 100), (130, 130, 130)])
    d.ellipse((w * 0.33, 0, w * 0.67, h * 0.16), fill=hair)
    if rng.random() < 0.5:
        d.ellipse((w * 0.37, h * 0.03, w * 0.63, h * 0.16), fill=skin)
    d.rounded_rectangle((w * 0.12, h * 0.17, w * 0.88, h), radius=int(w * 0.2), fill=cloth)
    arm = [(w * 0.2, h * 0.25), (w * rng.uniform(0, 1), h * rng.uniform(0.3, 0.6))]
    d.line(arm, fill=scaled(cloth, 0.85), width=int(w * 0.15))
    d.ellipse((arm[1][0] - w * 0.08, arm[1][1] - w * 0.08, arm[1][0] + w * 0.08, arm[1][1] + w * 0.08), fill=skin)
    noise = smooth_noise(rng, w, h, 5, [cloth, scaled(cloth, 0.7), scaled(cloth, 1.2)])
    img.paste(Image.blend(img.convert("RGB"), noise, 0.25), (0, 0), img.split()[3])
    x = rng.uniform(-0.2, 0.9) * stage.w
    cover(stage, img.filter(ImageFilter.GaussianBlur(rng.choice([0, 1, 3]))), x, stage.h * rng.uniform(0.1, 0.7))


def strip(stage):
    """Small goods or cloths hanging on a strip in front of the shelf."""
    rng = stage.rng
    k = stage.camera.scale
    w, h = int(rng.uniform(6, 12) * k), int(rng.uniform(25, 60) * k)
    if w < 4 or h > 1600:
        return
    img = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    d = ImageDraw.Draw(img)
    c = colour(rng, 0.7, 0.9)
    for i in range(rng.randint(2, 6)):
        t = i * w * 0.06
        d.polygon([(w * 0.45, 0), (t, h * rng.uniform(0.15, 0.4)), (t, h * rng.uniform(0.8, 1)), (w - t, h), (w * 0.9, h * 0.2)], fill=scaled(c, rng.uniform(0.7, 1.1)))
    d.rectangle((w * 0.2, h * 0.08, w * 0.8, h * 0.25), fill=(245, 245, 245))
    cover(stage, img, rng.uniform(0, stage.w), rng.uniform(0, stage.h * 0.8))


def wobbler(stage, bays):
    rng = stage.rng
    bay = rng.choice(bays)
    row = rng.choice(bay.rows)
    k = stage.camera.scale
    w, h = int(rng.uniform(5, 14) * k), int(rng.uniform(4, 10) * k)
    if w < 5 or h < 5 or w > 700:
        return
    img = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    d = ImageDraw.Draw(img)
    c = rng.choice([(225, 25, 30), (255, 225, 0), (250, 250, 250), colour(rng, 0.9, 0.8)])
    (d.ellipse if rng.random() < 0.5 else d.rectangle)((0, 0, w - 1, h - 1), fill=c + (255,))
    ink = (255, 255, 255) if sum(c) < 400 else (20, 20, 20)
    d.text((w * 0.15, h * 0.25), rng.choice(["-30%", "NEW", "2 for 1", "SALE", "3.99"]), font=font(FONTS[0], h * 0.35), fill=ink)
    x, y = stage.camera.canvas(rng.uniform(bay.x0, bay.x1), row.floor + rng.uniform(-4, 6), -2)
    cover(stage, img, x, y)


def basket(stage):
    rng = stage.rng
    y = stage.h * rng.uniform(0.75, 0.95)
    step = max(6, int(stage.camera.scale * 3))
    c = rng.choice([(180, 182, 185), (200, 30, 35), (40, 42, 45)])
    x0, x1 = stage.w * rng.uniform(-0.3, 0.4), stage.w * rng.uniform(0.6, 1.2)
    for x in range(int(x0), int(x1), step):
        stage.draw.line((x, y, x + rng.gauss(0, 1), stage.h), fill=c, width=2)
    stage.draw.rectangle((x0, y - step * 0.6, x1, y), fill=c)
    stage.veils.append((x0, y - step, x1, stage.h))


def doors(stage, bays):
    """Glass doors: frames, handles, and a veil of reflections."""
    rng = stage.rng
    c = rng.choice([(30, 32, 35), (170, 173, 178), (225, 226, 228)])
    for bay in bays:
        for x in (bay.x0, bay.x1):
            box = stage.rect(x - rng.uniform(2, 4), 0, x + rng.uniform(2, 4), 260, -3)
            stage.draw.rectangle(box, fill=c)
            stage.own(box, -1)
        if rng.random() < 0.7:
            hx = bay.x0 + 6
            stage.draw.rectangle(stage.rect(hx, 70, hx + 2, 130, -6), fill=scaled(c, 1.4 if sum(c) < 300 else 0.7))
    veil = smooth_noise(rng, stage.w, stage.h, 5, [(0, 0, 0), (70, 75, 80), (150, 155, 160)])
    k = rng.uniform(0.03, 0.22)
    img = Image.fromarray(np.clip(np.asarray(stage.img).astype(np.float32) + k * np.asarray(veil), 0, 255).astype(np.uint8))
    d = ImageDraw.Draw(img, "RGBA")
    for _ in range(rng.randint(0, 4)):
        x, w = rng.uniform(0, stage.w), rng.uniform(3, 40)
        d.polygon([(x, 0), (x + w, 0), (x + w - 60, stage.h), (x - 60, stage.h)], fill=(255, 255, 255, rng.randint(8, 40)))
    stage.img.paste(img)
