"""An untrained model of any size and template, as a stand-in for a file that somebody plants: only the grammar keeps
its answers in form.

  python3 models/guide/training/random_weights.py --tokenizer build/run/tokenizer.json --out device/guidance/model/fixtures/random.gguf
"""
import argparse

import torch

import write_gguf
from model import Llama, Shape
from tokenizer import Tokenizer

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--tokenizer", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--width", type=int, default=64)
    args.add_argument("--layers", type=int, default=2)
    args.add_argument("--heads", type=int, default=2)
    args.add_argument("--hidden", type=int, default=128)
    args.add_argument("--context", type=int, default=2048)
    args = args.parse_args()
    torch.manual_seed(7)
    learnt = Tokenizer.load(args.tokenizer)
    # Without slots of its own: to this model they are letters like any others.
    tokenizer = Tokenizer([], learnt.merges)
    shape = Shape(len(tokenizer), args.width, args.layers, args.heads, args.hidden, args.context)
    write_gguf.CHAT_TEMPLATE = CHATML
    write_gguf.write(args.out, Llama(shape).state_dict(), shape.as_dict(), tokenizer, "random weights", None, None)


if __name__ == "__main__":
    main()
