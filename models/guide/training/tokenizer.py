"""Byte-level BPE as llama.cpp reads it (tokenizer.ggml.model = gpt2, pre = gpt-2).

Ids: control tokens, then user-defined tokens (slots), then the 256 bytes, then merges in the order learnt.
"""
import json
import re
from collections import Counter

CONTROL = ["<|begin|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>", "<|pad|>"]
BEGIN, END, USER, ASSISTANT, SYSTEM, PAD = range(6)

# GPT-2's split; [^\W\d_] stands for \p{L}, which Python's re does not know.
PRETOKENS = re.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"
)


def byte_letters():
    """GPT-2's table: every byte as a printable letter, because vocabularies are stored as text."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, spare = {b: chr(b) for b in keep}, 0
    for b in range(256):
        if b not in letters:
            letters[b] = chr(256 + spare)
            spare += 1
    return letters


LETTERS = byte_letters()


def spelled(text):
    return "".join(LETTERS[b] for b in text.encode("utf-8"))


class Tokenizer:
    def __init__(self, user_defined, merges):
        self.user_defined = list(user_defined)
        self.merges = [tuple(pair) for pair in merges]
        self.tokens = CONTROL + self.user_defined
        self.first_byte = len(self.tokens)
        self.tokens = self.tokens + [LETTERS[b] for b in range(256)] + [a + b for a, b in self.merges]
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.ranks = {pair: i for i, pair in enumerate(self.merges)}
        self.cuts = re.compile("(" + "|".join(re.escape(t) for t in self.user_defined) + ")")
        self.known = {}

    def __len__(self):
        return len(self.tokens)

    def encode(self, text):
        ids = []
        for part in self.cuts.split(text) if self.user_defined else [text]:
            if part in self.ids and part in self.user_defined:
                ids.append(self.ids[part])
            else:
                for word in PRETOKENS.findall(part):
                    ids.extend(self.word(word))
        return ids

    def word(self, word):
        if word not in self.known:
            parts = list(spelled(word))
            while len(parts) > 1:
                pairs = [(self.ranks.get(pair, 1 << 30), at) for at, pair in enumerate(zip(parts, parts[1:]))]
                rank, at = min(pairs)
                if rank == 1 << 30:
                    break
                parts[at : at + 2] = [parts[at] + parts[at + 1]]
            self.known[word] = [self.ids[p] for p in parts]
        return self.known[word]

    def decode(self, ids):
        back = {letter: b for b, letter in LETTERS.items()}
        out, pending = "", b""
        for i in ids:
            if i < self.first_byte:
                out, pending = out + pending.decode("utf-8", "replace") + self.tokens[i], b""
            else:
                pending += bytes(back[letter] for letter in self.tokens[i])
        return out + pending.decode("utf-8", "replace")

    def save(self, path):
        with open(path, "w") as file:
            json.dump({"user_defined": self.user_defined, "merges": self.merges}, file)

    @staticmethod
    def load(path):
        with open(path) as file:
            data = json.load(file)
        return Tokenizer(data["user_defined"], data["merges"])


def learn(texts, user_defined, size):
    """Merges the most frequent neighbours until the vocabulary has `size` tokens."""
    cuts = re.compile("(" + "|".join(re.escape(t) for t in user_defined) + ")")
    words = Counter()
    for text in texts:
        for part in cuts.split(text):
            if part not in user_defined:
                words.update(PRETOKENS.findall(part))
    split = [(list(spelled(word)), count) for word, count in words.items()]
    merges = []
    while len(CONTROL) + len(user_defined) + 256 + len(merges) < size:
        pairs = Counter()
        for parts, count in split:
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        if not pairs:
            break
        # Ties by spelling, so that the same corpus gives the same vocabulary everywhere.
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        joined = best[0] + best[1]
        for parts, _ in split:
            at = 0
            while at < len(parts) - 1:
                if parts[at] == best[0] and parts[at + 1] == best[1]:
                    parts[at : at + 2] = [joined]
                at += 1
    return Tokenizer(user_defined, merges)
