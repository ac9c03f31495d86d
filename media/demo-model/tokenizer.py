"""Byte-level BPE as in GPT-2: learned from the training text, and exactly what llama.cpp does with the GGUF's merges."""

import random
import re
from collections import Counter, defaultdict

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

# GPT-2's cut into words. Python's `re` lacks \p{L}; for letters and digits these classes mean the same.
WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_symbols():
    """GPT-2's alphabet: one visible character for each byte."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols, following = {}, 256
    for byte in range(256):
        if byte in visible:
            symbols[byte] = chr(byte)
        else:
            symbols[byte] = chr(following)
            following += 1
    return symbols


SYMBOLS = byte_symbols()


class Tokenizer:
    def __init__(self, merges):
        self.merges = merges
        self.tokens = SPECIAL + [SYMBOLS[byte] for byte in range(256)] + ["".join(pair) for pair in merges]
        self.ids = {token: id for id, token in enumerate(self.tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.known = {}

    def encode(self, text, dropout=0.0, rng=random):
        """Ids of `text`. With `dropout`, each merge is skipped at that rate, so a word shows many faces (BPE-dropout)."""
        ids = []
        for word in WORDS.findall(text):
            if dropout and rng.random() < 0.5:
                ids += self._split(word, dropout, rng)
            else:
                if word not in self.known:
                    self.known[word] = self._split(word, 0, rng)
                ids += self.known[word]
        return ids

    def _split(self, word, dropout, rng):
        parts = [SYMBOLS[byte] for byte in word.encode()]
        while len(parts) > 1:
            pairs = [
                (self.ranks[pair], at)
                for at, pair in enumerate(zip(parts, parts[1:]))
                if pair in self.ranks and not (dropout and rng.random() < dropout)
            ]
            if not pairs:
                break
            _, at = min(pairs)
            parts[at : at + 2] = ["".join(parts[at : at + 2])]
        return [self.ids[part] for part in parts]


def learn(texts, size):
    """The merges of a vocabulary of `size` tokens, most frequent pair first, ties in alphabetical order."""
    counts = Counter(word for text in texts for word in WORDS.findall(text))
    words = [[SYMBOLS[byte] for byte in word.encode()] for word in counts]
    weights = list(counts.values())
    pairs, where = Counter(), defaultdict(set)
    for index, word in enumerate(words):
        for pair in zip(word, word[1:]):
            pairs[pair] += weights[index]
            where[pair].add(index)
    merges = []
    while len(merges) < size - 256 - len(SPECIAL):
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < 2:
            break
        merges.append(best)
        for index in sorted(where[best]):
            word = words[index]
            for pair in zip(word, word[1:]):
                pairs[pair] -= weights[index]
            at = 0
            while at < len(word) - 1:
                if (word[at], word[at + 1]) == best:
                    word[at : at + 2] = ["".join(best)]
                at += 1
            for pair in zip(word, word[1:]):
                pairs[pair] += weights[index]
                where[pair].add(index)
        del pairs[best]
    return merges
