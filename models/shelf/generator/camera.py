"""A pinhole camera in front of the shelf.

World: x right, y up, z into the shelf, centimetres; the shelf's front is the plane z = 0. A camera's rotation acts on the
picture as a homography, so the scene is painted frontally on the plane z = 0 as seen from the camera's place (exact
perspective for depth) and then warped.
"""

import math
import random
from dataclasses import dataclass

import numpy as np


@dataclass
class Camera:
    x: float
    y: float
    distance: float
    to_frame: np.ndarray
    window: tuple  # x0, y0, x1, y1 of the front plane that the frame can see, cm
    scale: float  # canvas pixels per cm of the front plane

    def plane(self, x, y, z):
        """Front-plane centimetres of a point at depth z."""
        s = self.distance / (self.distance + z)
        return self.x + (x - self.x) * s, self.y + (y - self.y) * s

    def canvas(self, x, y, z):
        px, py = self.plane(x, y, z)
        return (px - self.window[0]) * self.scale, (self.window[3] - py) * self.scale

    def zoom(self, z):
        """Canvas pixels per cm at depth z."""
        return self.scale * self.distance / (self.distance + z)


def look(rng, width_cm, target, frame, hard):
    """A camera that sees about `width_cm` of shelf around `target`; None when the angles make the view too long."""
    fov = math.radians(rng.uniform(38, 78))
    distance = width_cm / (2 * math.tan(fov / 2))
    mild = rng.random() < (0.62 if hard else 0.8)
    widest = 32 if hard else 20
    yaw = math.radians(rng.gauss(0, 4) if mild else rng.uniform(-widest, widest))
    overhead = hard and rng.random() < 0.12
    pitch = math.radians(rng.gauss(0, 4) if mild and not overhead else rng.uniform(-30 if overhead else -15, 13))
    roll = math.radians(rng.gauss(0, 1.3))
    forward = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    eye = np.array([target[0], target[1], 0.0]) - forward * distance
    if eye[2] > -20:
        return None
    right = np.cross(np.array([0, 1.0, 0]), forward)
    right /= np.linalg.norm(right)
    up = np.cross(forward, right)
    r2 = right * math.cos(roll) + up * math.sin(roll)
    u2 = -right * math.sin(roll) + up * math.cos(roll)
    f = frame / (2 * math.tan(fov / 2))
    rot = np.stack([r2, -u2, forward])
    k = np.array([[f, 0, frame / 2], [0, f, frame / 2], [0, 0, 1]])
    # front-plane (x, y, 1) -> camera space -> frame
    plane = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]], float)
    m = rot @ (plane - np.outer(eye, [0, 0, 1]))
    h = k @ m
    inv = np.linalg.inv(h)
    corners = []
    for u, v in ((0, 0), (frame, 0), (frame, frame), (0, frame)):
        p = inv @ np.array([u, v, 1.0])
        if not (m @ p)[2] / p[2] > 1:
            return None
        corners.append(p[:2] / p[2])
    c = np.array(corners)
    x0, y0 = c.min(0)
    x1, y1 = c.max(0)
    scale = 1.12 * frame / width_cm
    if max(x1 - x0, y1 - y0) * scale > frame * 2.1:
        return None
    to_plane = np.array([[1 / scale, 0, x0], [0, -1 / scale, y1], [0, 0, 1]])
    return Camera(eye[0], eye[1], -eye[2], h @ to_plane, (x0, y0, x1, y1), scale)


def framing(rng, bays, frame, hard):
    """Centimetres of shelf across the frame. Usually the slimmer products come out as wide as device/vision shows them to
    the network (`detector/views.ts`); hard pictures take in anything from half a bay to the whole wall."""
    reach = (bays[-1].x1 - bays[0].x0) * 0.95
    if hard:
        return math.exp(rng.uniform(math.log(42), math.log(min(300, reach))))
    widths = sorted(i.product.width for b in bays for r in b.rows for i in r.items if i.lane >= 0)
    slim = widths[int(len(widths) * 0.35)] if widths else 8
    wanted = math.exp(rng.uniform(math.log(28), math.log(84)))
    return min(reach, max(38, frame * slim / wanted))


def aim(seed, bays, frame, hard):
    rng = random.Random(seed)
    left, right = bays[0].x0, bays[-1].x1
    top = bays[0].rows[-1].ceiling
    for _ in range(60):
        width = framing(rng, bays, frame, hard)
        tx = rng.uniform(left + width * 0.35, max(left + width * 0.4, right - width * 0.35))
        ty = rng.uniform(15 + width * 0.25, max(30 + width * 0.25, top - width * 0.25))
        camera = look(rng, width, (tx, ty), frame, hard)
        if camera:
            return camera
    raise RuntimeError(f"E_CAMERA: no view for seed {seed}")
