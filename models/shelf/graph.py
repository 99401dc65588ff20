"""Runs an exported ONNX graph in torch, node by node: agreement tests and calibration without onnxruntime.

Knows the operators that this detector exports, in both the floating-point and the QDQ form.
"""

import numpy as np
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper


def run_graph(model, image):
    """All values by name. `image` is n x 3 x h x w."""
    values = {i.name: torch.from_numpy(np.array(numpy_helper.to_array(i))) for i in model.graph.initializer}
    constants = set(values)
    values[model.graph.input[0].name] = image
    with torch.no_grad():
        for node in model.graph.node:
            attrs = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            args = [values.get(i) for i in node.input]
            values[node.output[0]] = apply(node.op_type, args, attrs)
    return {n: v for n, v in values.items() if n not in constants}


def along(v, axis, ndim):
    return v if v.ndim == 0 else v.reshape([-1 if i == axis else 1 for i in range(ndim)])


def apply(op, args, attrs):
    if op == "Conv":
        return F.conv2d(args[0], args[1], args[2], stride=attrs.get("strides", [1, 1]), padding=attrs.get("pads", [0, 0, 0, 0])[:2])
    if op == "Relu":
        return F.relu(args[0])
    if op == "Add":
        return args[0] + args[1]
    if op == "Concat":
        return torch.cat(args, attrs["axis"])
    if op == "Resize":
        return F.interpolate(args[0], scale_factor=2.0, mode="nearest")
    if op == "Constant":
        return torch.from_numpy(np.array(numpy_helper.to_array(attrs["value"])))
    if op == "Identity":
        return args[0]
    if op == "QuantizeLinear":
        return torch.round(args[0] / args[1]).add(args[2].float()).clamp(0, 255).to(torch.uint8)
    if op == "DequantizeLinear":
        x, axis = args[0], attrs.get("axis", 1)
        return (x.float() - along(args[2], axis, x.ndim).float()) * along(args[1], axis, x.ndim)
    raise ValueError(f"E_OPERATOR: {op} is not one that this detector exports")
