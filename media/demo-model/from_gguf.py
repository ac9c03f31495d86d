"""
Takes a GGUF file of `export.ts` apart again, so that training can go on from it:

    python3 from_gguf.py ../demo.gguf /tmp/demo-model-0
    python3 train.py --out /tmp/demo-model --resume /tmp/demo-model-0 --seed 2 --minutes 50 --threads 2

Of the manifest it writes only what `--resume` reads. The weights are those of the file: rounded to F16, if it is that.
"""

import json
import math
import struct
import sys
from pathlib import Path

import torch

from model import Llama
from train import SHAPE

NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, LIST = 8, 9
WEIGHTS = {0: torch.float32, 1: torch.float16}
ALIGNMENT = 32


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def text(self):
        length = self.number("<Q")
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def value(self, type):
        if type == STRING:
            return self.text()
        if type == LIST:
            item, count = self.number("<I"), self.number("<Q")
            return [self.value(item) for _ in range(count)]
        return self.number(NUMBERS[type])


def read(data):
    """The metadata by key, and the weights by their names in `model.py`."""
    reader = Reader(data)
    if data[:4] != b"GGUF" or reader.number("<Q") >> 32 != 3:
        raise ValueError("This is no GGUF file of version 3.")
    tensors, keys = reader.number("<Q"), reader.number("<Q")
    metadata = {reader.text(): reader.value(reader.number("<I")) for _ in range(keys)}
    infos = []
    for _ in range(tensors):
        name = reader.text()
        shape = [reader.number("<Q") for _ in range(reader.number("<I"))]
        infos.append((name, shape, reader.number("<I"), reader.number("<Q")))
    start = math.ceil(reader.at / ALIGNMENT) * ALIGNMENT
    weights = {}
    for name, shape, type, offset in infos:
        if type not in WEIGHTS:
            raise ValueError(f"{name} is quantized: export with F16 to train on.")
        count = math.prod(shape)
        flat = torch.frombuffer(data, dtype=WEIGHTS[type], count=count, offset=start + offset).float()
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            name = name.replace("." + part + ".", ".attention." + part + ".")
        weights[name] = flat.reshape(list(reversed(shape)))
    return metadata, weights


if __name__ == "__main__":
    source, folder = map(Path, sys.argv[1:])
    metadata, weights = read(bytearray(source.read_bytes()))
    model = Llama(metadata["llama.vocab_size"], **SHAPE)
    model.load_state_dict(weights)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(dict(merges=metadata["tokenizer.ggml.merges"])))
    torch.save(model.state_dict(), folder / "weights.pt")
    print(f"{sum(weight.numel() for weight in model.parameters()):,} parameters")
