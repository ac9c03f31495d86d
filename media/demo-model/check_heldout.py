"""
Holds every held-out question against every question that training can ask, and fails if one of them is the same:

    python3 check_heldout.py

Same means: equal after case, punctuation and small words are dropped, which is more than what the noise of training changes.
"""

import json
import re
import sys
from pathlib import Path

from corpus import ABOUT, DOING, OPTIONAL, Corpus

HELD_OUT = Path(__file__).parents[2] / "test/models/heldout.json"


def bare(text):
    return " ".join(word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in OPTIONAL)


def trained(corpus):
    for topic in corpus.topics:
        yield from topic["ask"]
        yield from (frame.format(n=name, a="{a}") for frame in ABOUT for name in topic["names"])
        yield from (frame.format(d=thing) for frame in DOING for thing in topic["do"])
    for entry in corpus.talk + corpus.off:
        yield from entry["ask"]
        for frame in entry["frame"]:
            slots = re.findall(r"\{(\w+)\}", frame)
            if len(slots) == 1 and slots[0] in corpus.things:
                yield from (frame.replace("{" + slots[0] + "}", thing) for thing in corpus.things[slots[0]])


seen = {bare(text): text for text in trained(Corpus({}))}
data = json.loads(HELD_OUT.read_text())
turns = [question["ask"] for part in ("known", "unknown") for question in data[part] if isinstance(question["ask"], str)]
same = [(text, seen[bare(text)]) for text in turns if bare(text) in seen]
for pair in same:
    print(pair)
print(f"{len(turns)} held-out questions, {len(same)} of them among {len(seen)} of training")
sys.exit(bool(same))
