"""From a clean picture to a photograph: light, colour, lens, noise, compression."""

import io

import numpy as np
from PIL import Image, ImageFilter


def develop(rng, img, hard):
    if rng.random() < 0.35:
        img = img.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.3 if hard else 0.9)))
    a = np.asarray(img).astype(np.float32) / 255
    h, w = a.shape[:2]
    a = a ** (rng.uniform(0.6, 1.25) if hard else rng.uniform(0.65, 1.15))
    a *= np.array([rng.gauss(1, 0.07), rng.gauss(1, 0.03), rng.gauss(1, 0.09)], np.float32)
    yy, xx = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    if rng.random() < 0.6:
        a *= (1 + rng.gauss(0, 0.22) * xx + rng.gauss(0, 0.22) * yy)[..., None].clip(0.25, 2)
    if rng.random() < 0.4:
        a *= (1 - rng.uniform(0.05, 0.4) * (xx**2 + yy**2) / 2)[..., None]
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        cx, cy, s = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0.03, 0.35)
        glow = np.exp(-((xx - cx) ** 2 + ((yy - cy) * rng.uniform(0.6, 2)) ** 2) / (2 * s * s))
        a += rng.uniform(0.1, 0.6) * glow[..., None]
    a = a * rng.uniform(0.8, 1.3) + rng.uniform(-0.05, 0.08)
    if rng.random() < 0.5:
        noise = np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.uniform(0.005, 0.04 if hard else 0.022), a.shape)
        a = a + noise.astype(np.float32)
    img = Image.fromarray((a.clip(0, 1) * 255).astype(np.uint8))
    if rng.random() < 0.3:
        img = img.filter(ImageFilter.UnsharpMask(1.2, rng.randint(40, 160), 2))
    if rng.random() < (0.25 if hard else 0.12):
        k = rng.uniform(0.4 if hard else 0.55, 0.85)
        img = img.resize((int(w * k), int(h * k)), Image.BILINEAR).resize((w, h), Image.BILINEAR)
    buffer = io.BytesIO()
    img.save(buffer, "JPEG", quality=rng.randint(38 if hard else 52, 94))
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")
