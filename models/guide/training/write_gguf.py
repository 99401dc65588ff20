"""Writes a checkpoint as GGUF v3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), without any package.

  python3 models/guide/training/write_gguf.py --run build/run --out models/guide/guide.gguf
"""
import argparse
import json
import os
import re
import struct
from collections import Counter

import numpy as np
import torch

from tokenizer import BEGIN, CONTROL, END, PAD, Tokenizer

UINT32, FLOAT32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5
F32, F16, Q8_0 = 0, 1, 8
ALIGNMENT = 32

CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)


def text(value):
    data = value.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def scalar(kind, value):
    packed = {UINT32: "<I", FLOAT32: "<f", INT32: "<i"}
    return struct.pack("<?", value) if kind == BOOL else text(value) if kind == STRING else struct.pack(packed[kind], value)


def entry(key, kind, value):
    return text(key) + struct.pack("<I", kind) + scalar(kind, value)


def array(key, kind, values):
    return text(key) + struct.pack("<IIQ", ARRAY, kind, len(values)) + b"".join(scalar(kind, v) for v in values)


def q8_0(weights):
    """Blocks of 32: one half-precision scale, 32 signed bytes."""
    blocks = weights.reshape(-1, 32)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    steps = np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0)
    rows = np.empty(len(blocks), dtype=[("scale", "<f2"), ("steps", "i1", 32)])
    rows["scale"], rows["steps"] = scale[:, 0], np.round(steps).astype(np.int8)
    return rows.tobytes()


def tensors_of(state, layers):
    yield "token_embd.weight", state["embedding.weight"]
    names = {
        "attn_norm": "attention_norm", "attn_q": "q", "attn_k": "k", "attn_v": "v", "attn_output": "out",
        "ffn_norm": "feed_norm", "ffn_gate": "gate", "ffn_up": "up", "ffn_down": "down",
    }
    for layer in range(layers):
        for theirs, ours in names.items():
            yield f"blk.{layer}.{theirs}.weight", state[f"blocks.{layer}.{ours}.weight"]
    yield "output_norm.weight", state["norm.weight"]


def metadata(shape, tokenizer, name, codes, words, kind):
    used = len(tokenizer.tokens)
    types = [3] * len(CONTROL) + [4] * len(tokenizer.user_defined)
    types += [1] * (used - len(types))
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.name", STRING, name),
        entry("general.license", STRING, "apache-2.0"),
        entry("general.file_type", UINT32, {Q8_0: 7, F16: 1, F32: 0}[kind]),
        entry("llama.context_length", UINT32, shape["context"]),
        entry("llama.embedding_length", UINT32, shape["width"]),
        entry("llama.block_count", UINT32, shape["layers"]),
        entry("llama.feed_forward_length", UINT32, shape["hidden"]),
        entry("llama.attention.head_count", UINT32, shape["heads"]),
        entry("llama.attention.head_count_kv", UINT32, shape["heads"]),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape["epsilon"]),
        entry("llama.rope.dimension_count", UINT32, shape["width"] // shape["heads"]),
        entry("llama.rope.freq_base", FLOAT32, shape["rope_base"]),
        entry("llama.vocab_size", UINT32, used),
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        entry("tokenizer.ggml.pre", STRING, "gpt-2"),
        array("tokenizer.ggml.tokens", STRING, tokenizer.tokens),
        array("tokenizer.ggml.token_type", INT32, types),
        array("tokenizer.ggml.merges", STRING, [f"{a} {b}" for a, b in tokenizer.merges]),
        entry("tokenizer.ggml.bos_token_id", UINT32, BEGIN),
        entry("tokenizer.ggml.eos_token_id", UINT32, END),
        entry("tokenizer.ggml.padding_token_id", UINT32, PAD),
        entry("tokenizer.ggml.add_bos_token", BOOL, True),
        entry("tokenizer.ggml.add_space_prefix", BOOL, False),
        entry("tokenizer.chat_template", STRING, CHAT_TEMPLATE),
        # What tells the product how to ask; a file without it is asked in plain words.
        *([] if codes is None else [
            entry("truecount.prompt", STRING, "compact-1"),
            array("truecount.actions", STRING, codes),
            array("truecount.words", STRING, words),
        ]),
    ]


def write(path, state, shape, tokenizer, name, codes, words, kind=Q8_0):
    infos, data = [], b""
    for tensor_name, tensor in tensors_of(state, shape["layers"]):
        values = tensor.detach().cpu().float().numpy()
        used = F32 if values.ndim == 1 else kind
        packed = q8_0(values) if used == Q8_0 else values.astype("<f2" if used == F16 else "<f4").tobytes()
        dimensions = values.shape[::-1]
        infos.append(
            text(tensor_name) + struct.pack("<I", len(dimensions))
            + struct.pack(f"<{len(dimensions)}Q", *dimensions) + struct.pack("<IQ", used, len(data))
        )
        data += packed + b"\0" * (-len(packed) % ALIGNMENT)
    entries = metadata(shape, tokenizer, name, codes, words, kind)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(entries)) + b"".join(entries) + b"".join(infos)
    with open(path + ".part", "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT) + data)
    os.replace(path + ".part", path)


# A slip of the finger is rarer than this in a corpus of tens of thousands.
FEWEST_USES = 6


def learnt_from(corpus):
    """The step codes a corpus teaches, and the words in which its answerable questions are asked."""
    codes, words = set(), Counter()
    with open(corpus) as file:
        for line in file:
            case = json.loads(line)
            answer = json.loads(case["answer"])
            codes.update(answer["do"])
            if answer["topic"] != "none":
                words.update(set(re.findall(r"[a-z]{2,}", case["prompt"].rsplit("\nask ", 1)[1])))
    return sorted(codes), sorted(word for word, uses in words.items() if uses >= FEWEST_USES)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--run", required=True, help="the training's --out")
    args.add_argument("--corpus", required=True, help="for the step codes the model knows")
    args.add_argument("--out", required=True)
    args.add_argument("--name", default="truecount guide")
    args.add_argument("--type", choices=["q8_0", "f16", "f32"], default="q8_0")
    args = args.parse_args()
    saved = torch.load(os.path.join(args.run, "checkpoint.pt"), map_location="cpu")
    tokenizer = Tokenizer.load(os.path.join(args.run, "tokenizer.json"))
    kind = {"q8_0": Q8_0, "f16": F16, "f32": F32}[args.type]
    write(args.out, saved["model"], saved["shape"], tokenizer, args.name, *learnt_from(args.corpus), kind)
    print(f"{args.out}: {os.path.getsize(args.out) / 1e6:.2f} MB after step {saved['step']}")


if __name__ == "__main__":
    main()
