"""Tests of the recipe's own parts; run with `python3 test_shelf.py` where torch is installed."""

import os
import random
import tempfile
import unittest

import numpy as np

try:
    import onnx
    import torch
except ImportError as error:
    raise SystemExit(f"models/shelf is not tested here: {error}; apt-get install python3-torch python3-onnx") from error
from PIL import Image

import crops
from boxes import iou, peaks
from export import calibrate, quantise, to_onnx
from generator.camera import Camera
from generator.layout import REAR, Gap, Item, Row
from generator.products import make_bank
from generator.render import FACING, GAP, Stage, collect, render
from graph import run_graph
from net import ShelfNet

HERE = os.path.dirname(os.path.abspath(__file__))
SHELVES = os.path.join(HERE, "..", "..", "device", "vision", "vectors", "shelves")


class Generator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bank = make_bank(5, 12)
        cls.shots = [render(seed, cls.bank) for seed in range(70, 76)]

    def test_the_same_seed_gives_the_same_shelf(self):
        again, boxes = render(70, self.bank)
        self.assertTrue(np.array_equal(np.asarray(again), np.asarray(self.shots[0][0])))
        self.assertTrue(np.array_equal(boxes, self.shots[0][1]))

    def test_boxes_lie_within_the_frame(self):
        for _, boxes in self.shots:
            self.assertGreater(len(boxes), 0)
            self.assertTrue((boxes[:, 2:] >= 0).all() and (boxes[:, 2:] <= 640).all())
            self.assertTrue((boxes[:, 4] > boxes[:, 2]).all() and (boxes[:, 5] > boxes[:, 3]).all())

    def test_no_sure_gap_lies_on_a_sure_facing(self):
        for _, boxes in self.shots:
            sure = boxes[boxes[:, 1] == 0]
            gaps, facings = sure[sure[:, 0] == 1], sure[sure[:, 0] == 0]
            if len(gaps) and len(facings):
                self.assertLess(iou(gaps[:, 2:], facings[:, 2:]).max(), 0.6)

    def truth_of(self, items, gaps=(), seen=None):
        """(class, unsure) of one row before a camera that sees a metre of shelf straight on; `seen`: what is left of an item."""
        stage = Stage(random.Random(1), Camera(0, 0, 100, np.eye(3), (-50, -50, 50, 50), 4))
        row = Row(-50, 50, 0, 40, 60, False, gaps=list(gaps))
        state = {"items": [], "rows": [row], "labels": [], "lanes": {}}
        for key, item in enumerate(items, 1):
            p = item.product
            box = stage.rect(item.x, item.y, item.x + p.width, item.y + p.height, item.z)
            stage.own((seen or {}).get(key, box), key)
            stage.note_area(box, key)
            state["items"].append((key, item, row))
            state["lanes"][id(row), item.lane] = key
        return [(c, bool(unsure)) for c, unsure, _ in collect(stage, state, stage.owner.copy())]

    def test_what_stands_behind_and_is_seen_well_is_neither_surely_a_facing_nor_surely_none(self):
        behind = Item(self.bank[0][0], 0, -5, 0, 12, REAR)
        self.assertEqual(self.truth_of([behind]), [(FACING, True)])
        self.assertEqual(self.truth_of([behind], seen={1: (0, 0, 4, 4)}), [])

    def test_what_the_pictures_edge_cuts_almost_away_is_unsure(self):
        wide = min((p for line in self.bank for p in line), key=lambda p: -p.width)
        self.assertEqual(self.truth_of([Item(wide, 0, 50 - 0.06 * wide.width - 0.6, 0, 0, 0)]), [(FACING, True)])

    def test_a_gap_ends_surely_only_where_its_neighbour_stands_in_front(self):
        p = self.bank[0][0]
        gap = Gap(p.width, 3 * p.width, 0, p.height, False, 0, -1)
        self.assertIn((GAP, False), self.truth_of([Item(p, 0, 0, 0, 0, 0)], [gap]))
        self.assertNotIn((GAP, False), self.truth_of([Item(p, 0, 0, 0, 30, 0)], [gap]))

    def test_a_crop_keeps_boxes_on_their_products(self):
        img = Image.new("RGB", (640, 640), (0, 0, 0))
        img.paste((255, 0, 0), (200, 200, 300, 300))
        boxes = np.array([[0, 0, 200, 200, 300, 300]], np.float32)
        for seed in range(20):
            x, b = crops.crop(random.Random(seed), img, boxes, 256)
            for _, unsure, x0, y0, x1, y1 in b:
                if unsure:
                    continue
                inside = x[:, int(y0) + 2 : int(y1) - 2, int(x0) + 2 : int(x1) - 2]
                self.assertGreater(inside.max(0).mean(), 0.4)


class Export(unittest.TestCase):
    def test_graph_and_network_agree_and_int8_stays_close(self):
        torch.manual_seed(3)
        net = ShelfNet(stem=8, widths=(8, 12, 16, 16), neck=12)
        net.train()
        for _ in range(3):  # batch statistics that are not the initial ones
            net(torch.rand(4, 3, 64, 64))
        net.eval()
        with tempfile.TemporaryDirectory() as folder:
            model = to_onnx(net, os.path.join(folder, "net.onnx"))
            img, boxes = render(71, make_bank(5, 12))
            img.save(os.path.join(folder, "000000.jpg"))
            np.save(os.path.join(folder, "000000.npy"), boxes)
            int8 = quantise(model, calibrate(model, folder, 4, 128))
        x = torch.rand(1, 3, 96, 128)
        with torch.no_grad():
            y = net(x)
        self.assertLess((run_graph(model, x)["raw"] - y).abs().max().item(), 1e-4)
        heat = torch.sigmoid(y[:, :3])
        self.assertLess((torch.sigmoid(run_graph(int8, x)["raw"][:, :3]) - heat).abs().mean().item(), 0.01)

    def test_torch_computes_what_onnxruntime_stored(self):
        fp32 = os.path.join(HERE, "shelf-fp32.onnx")
        stored = [f for f in sorted(os.listdir(SHELVES)) if f.endswith(".raw.bin")]
        img = Image.open(os.path.join(SHELVES, stored[0].replace(".raw.bin", ".jpg"))).convert("RGB")
        x = np.asarray(img).astype(np.float32)[:320, :320].transpose(2, 0, 1)[None] / 255
        want = np.fromfile(os.path.join(SHELVES, stored[0]), np.float32)
        got = run_graph(onnx.load(fp32), torch.from_numpy(np.ascontiguousarray(x)))["raw"].numpy().ravel()
        # JPEG decoders differ by a grey level here and there; the networks do not.
        self.assertLess(np.abs(1 / (1 + np.exp(-got[: 3 * 6400])) - 1 / (1 + np.exp(-want[: 3 * 6400]))).mean(), 2e-3)


class Peaks(unittest.TestCase):
    def test_a_bump_becomes_one_box(self):
        y = torch.full((1, 7, 40, 40), -8.0)
        y[0, 0, 20, 10] = 3.0
        y[0, 0, 20, 11] = 1.0
        y[0, 3:] = 2.0
        found = peaks(y)
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0][0], 0)
        self.assertAlmostEqual((found[0][2] + found[0][4]) / 2, 42, delta=0.1)


if __name__ == "__main__":
    unittest.main()
