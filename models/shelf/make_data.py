"""Renders made-up shelves with their boxes to a folder.

    python3 make_data.py --out /tmp/shelf-data/train --count 7000 --seed 1
    python3 make_data.py --out /tmp/shelf-data/test --count 300 --seed 900001 --bank 9

Seeds and the product bank (`--bank`) of the test set must differ from the training set's: then neither shelf nor product
was seen. Every 700 pictures another bank of products begins. Files that exist are kept, so an interrupted run goes on.
"""

import argparse
import os
import time

import numpy as np

from generator.products import make_bank
from generator.render import render

PER_BANK = 700  # pictures; then other products


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--out", required=True)
    args.add_argument("--count", type=int, default=7000)
    args.add_argument("--first", type=int, default=0, help="number of the first picture: several processes can fill one folder")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--bank", type=int, default=1)
    args.add_argument("--brands", type=int, default=260)
    args.add_argument("--frame", type=int, default=640)
    args.add_argument("--hard", type=float, default=0.1, help="share of pictures that are hard on purpose; 1 for a test of them")
    a = args.parse_args()
    os.makedirs(a.out, exist_ok=True)
    start, bank = time.time(), None
    for i in range(a.first, a.first + a.count):
        if bank is None or i % PER_BANK == 0:
            bank = make_bank(a.bank + 100 * (i // PER_BANK), a.brands)
        path = os.path.join(a.out, f"{i:06d}")
        if os.path.exists(path + ".npy"):
            continue
        img, boxes = render(a.seed + i, bank, a.frame, a.hard)
        img.save(path + ".jpg", quality=93)
        np.save(path + ".part.npy", boxes)
        os.replace(path + ".part.npy", path + ".npy")
        if i % 500 == 0:
            print(f"{i - a.first} of {a.count}, {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
