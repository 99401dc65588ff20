"""A checkpoint to ONNX: fp32 (for comparison) and int8 (shipped).

    python3 export.py --weights /tmp/shelf-run/last.pt --data /tmp/shelf-data/train --out .

int8 in the QDQ form that onnxruntime fuses: activations uint8 asymmetric between the 0.0002 and 0.9998 quantiles, the widest of 48
calibration pictures, weights int8 symmetric per output channel, biases int32; the first convolution and the two heads
stay in floating point. Neither export nor calibration needs onnxruntime: `graph.py` runs the ONNX graph in torch.
"""

import argparse
import copy
import hashlib
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.nn.utils.fusion import fuse_conv_bn_eval

import crops
from graph import run_graph
from net import ShelfNet

QUANTILE = 0.0002


def fuse(net):
    """Folds each batch normalisation into the convolution before it."""
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Sequential):
            for i in range(len(module) - 1):
                if isinstance(module[i], torch.nn.Conv2d) and isinstance(module[i + 1], torch.nn.BatchNorm2d):
                    module[i] = fuse_conv_bn_eval(module[i], module[i + 1])
                    module[i + 1] = torch.nn.Identity()
    return net


def to_onnx(net, path):
    axes = {"image": {0: "n", 2: "h", 3: "w"}, "raw": {0: "n", 2: "h4", 3: "w4"}}
    torch.onnx.export(
        fuse(net), torch.zeros(1, 3, 64, 64), path, opset_version=13, input_names=["image"], output_names=["raw"],
        dynamic_axes=axes, do_constant_folding=True,
    )
    return onnx.load(path)


def calibrate(model, folder, count, size):
    """(low, high) of every floating-point value of the graph."""
    rng, listing = crops.generator(11), crops.names(folder)
    low, high = {}, {}
    for _ in range(count):
        img, boxes = crops.load(folder, rng.choice(listing))
        x, _ = crops.crop(rng, img, boxes, size)
        for name, value in run_graph(model, torch.from_numpy(x)[None]).items():
            if not value.is_floating_point():
                continue
            v = value.flatten()
            v = v[:: max(1, v.numel() // 100_000)]
            q = torch.quantile(v, torch.tensor([QUANTILE, 1 - QUANTILE]))
            low.setdefault(name, []).append(q[0].item())
            high.setdefault(name, []).append(q[1].item())
    # The widest of the pictures: what one of them needs must not be cut for the others.
    return {n: (min(low[n]), max(high[n])) for n in low}


def scale_of(low, high):
    low, high = min(0.0, low), max(0.0, high)
    scale = max(1e-8, (high - low) / 255)
    return np.float32(scale), np.uint8(np.clip(round(-low / scale), 0, 255))


def quantise(model, ranges):
    graph = model.graph
    weights = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    convs = [n for n in graph.node if n.op_type == "Conv"]
    kept = {convs[0].output[0]} | {n.output[0] for n in convs if n.output[0] in head_outputs(graph)}
    followed = {n.input[0]: n for n in graph.node if n.op_type == "Relu"}
    nodes, added, passed, used = [], [], {}, set()

    def tensor(name, value):
        added.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def through(name):
        """The name under which consumers read `name` after it went through uint8."""
        if name in passed:
            return passed[name]
        s, z = scale_of(*ranges[name])
        tensor(name + ".scale", s)
        tensor(name + ".zero", z)
        nodes.append(helper.make_node("QuantizeLinear", [name, name + ".scale", name + ".zero"], [name + ".q"]))
        nodes.append(helper.make_node("DequantizeLinear", [name + ".q", name + ".scale", name + ".zero"], [name + ".dq"]))
        passed[name] = name + ".dq"
        return passed[name]

    for node in graph.node:
        n = copy.deepcopy(node)
        if n.op_type == "Conv" and node.output[0] not in kept:
            s_in = scale_of(*ranges[node.input[0]])[0]
            n.input[0] = through(node.input[0])
            w = weights[node.input[1]]
            s_w = np.maximum(np.abs(w).reshape(len(w), -1).max(1) / 127, 1e-9).astype(np.float32)
            q = np.clip(np.round(w / s_w[:, None, None, None]), -127, 127).astype(np.int8)
            b = np.round(weights[node.input[2]] / (s_in * s_w)).clip(-(2**31) + 1, 2**31 - 1).astype(np.int32)
            for name, value, s in ((node.input[1], q, s_w), (node.input[2], b, (s_in * s_w).astype(np.float32))):
                tensor(name + ".int", value)
                tensor(name + ".s", s)
                tensor(name + ".z", np.zeros(len(s), value.dtype))
                nodes.append(helper.make_node("DequantizeLinear", [name + ".int", name + ".s", name + ".z"], [name + ".f"], axis=0))
            n.input[1], n.input[2] = node.input[1] + ".f", node.input[2] + ".f"
        elif n.op_type in ("Conv", "Add", "Resize"):
            data = node.input[:1] if n.op_type == "Resize" else node.input
            for i, name in enumerate(data):
                if name in ranges and name != "image":
                    n.input[i] = through(name)
        nodes.append(n)
        used.update(n.input)
    keep = [i for i in graph.initializer if i.name in used]
    out = helper.make_model(helper.make_graph(nodes, "shelf", graph.input, graph.output, keep + added), opset_imports=[helper.make_opsetid("", 13)])
    out.ir_version = 8
    onnx.checker.check_model(out)
    return out


def head_outputs(graph):
    """Values that lead to the output without another convolution."""
    wanted, names = [o.name for o in graph.output], set()
    makers = {o: n for n in graph.node for o in n.output}
    while wanted:
        name = wanted.pop()
        names.add(name)
        node = makers.get(name)
        if node is not None and node.op_type != "Conv":
            wanted += list(node.input)
    return names


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--weights", required=True)
    args.add_argument("--data", required=True)
    args.add_argument("--out", default=".")
    args.add_argument("--pictures", type=int, default=48)
    a = args.parse_args()
    net = ShelfNet()
    net.load_state_dict(torch.load(a.weights, map_location="cpu")["ema"])
    fp32 = os.path.join(a.out, "shelf-fp32.onnx")
    model = to_onnx(net, fp32)
    x = torch.rand(1, 3, 320, 320)
    with torch.no_grad():
        gap = (net.eval()(x) - run_graph(model, x)["raw"]).abs().max().item()
    if gap > 1e-3:
        raise SystemExit(f"E_EXPORT: torch and the exported graph differ by {gap}; do not ship {fp32}")
    int8 = quantise(model, calibrate(model, a.data, a.pictures, 320))
    path = os.path.join(a.out, "shelf-int8.onnx")
    onnx.save(int8, path)
    for p in (fp32, path):
        data = open(p, "rb").read()
        print(os.path.basename(p), len(data), "bytes", hashlib.sha256(data).hexdigest())
    print(f"torch and ONNX differ by at most {gap:.1e}")


if __name__ == "__main__":
    main()
