"""
Trains the demo model from `data/` and writes raw weights and a manifest, which `export.ts` turns into `demo.gguf`.

    python3 train.py --out /tmp/demo-model-1 --minutes 15 --cut 0.5 --threads 2
    python3 train.py --out /tmp/demo-model --resume /tmp/demo-model-1 --seed 2 --minutes 50 --threads 2

Needs PyTorch and nothing else. The same seed, thread count and number of steps give the same model.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from corpus import Corpus
from model import Llama
from tokenizer import Tokenizer, learn

SHAPE = dict(width=192, layers=5, heads=3, feed_forward=512)
VOCABULARY = 2560
CONTEXT = 1024
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TOKENS_PER_BATCH = 4096


def main():
    options = parse()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    facts = dict(size=3, layers=SHAPE["layers"], heads={3: "three", 4: "four", 6: "six", 8: "eight"}[SHAPE["heads"]])
    corpus = Corpus(facts)
    if options.resume:
        earlier = json.loads((Path(options.resume) / "manifest.json").read_text())
        tokenizer = Tokenizer([tuple(pair.split(" ")) for pair in earlier["merges"]])
    else:
        tokenizer = Tokenizer(learn(corpus.texts(), VOCABULARY))
    model = Llama(len(tokenizer.tokens), **SHAPE, dropout=options.dropout)
    if options.resume:
        model.load_state_dict(torch.load(Path(options.resume) / "weights.pt"))
    parameters = sum(weight.numel() for weight in model.parameters())
    print(f"{len(corpus.topics)} topics, {len(tokenizer.tokens)} tokens, {parameters:,} parameters", flush=True)

    if options.probe_only:
        return probe(model, tokenizer, corpus, out)
    train(model, batches(corpus, tokenizer, rng, options), options, lambda: save(model, tokenizer, corpus, out, parameters))
    save(model, tokenizer, corpus, out, parameters)
    probe(model, tokenizer, corpus, out)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--minutes", type=float, help="fit the schedule into this time instead of counting steps")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--cut", type=float, default=0.85, help="share of single answers of which only the start is learned")
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--resume", help="go on from the folder of an earlier run, with its tokenizer")
    parser.add_argument("--probe-only", action="store_true", help="with --resume: write probe.json and stop")
    return parser.parse_args()


def train(model, stream, options, checkpoint):
    """Muon for the matrices of the layers, AdamW for embeddings and norms; warm-up, then straight down to zero."""
    matrices = [weight for name, weight in model.blk.named_parameters() if weight.dim() == 2]
    others = [weight for weight in model.parameters() if not any(weight is matrix for matrix in matrices)]
    optimizers = [
        torch.optim.Muon(matrices, lr=0.005, momentum=0.95, weight_decay=0.02),
        torch.optim.AdamW(others, lr=0.002, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    rates = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    start = reported = time.monotonic()
    losses, seen, step = [], 0, 0
    while True:
        elapsed = time.monotonic() - start
        done = elapsed / 60 / options.minutes if options.minutes else step / options.steps
        if done >= 1:
            break
        if done > 0.75:
            options.cut = min(options.cut, 0.6)  # Reciting is practiced last, so that it is exact.
        pace = options.rate * min(1, (step + 1) / 20) * (1 - done)
        for optimizer, rate in zip(optimizers, rates):
            optimizer.param_groups[0]["lr"] = rate * pace
        ids, targets, weights = next(stream)
        learned = weights > 0
        each = F.cross_entropy(model.logits(model(ids)[learned]), targets[learned], reduction="none")
        loss = (each * weights[learned]).sum() / weights.sum()
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss.item())
        seen += ids.numel()
        step += 1
        if step % 25 == 0:
            mean = sum(losses[-25:]) / 25
            print(f"step {step} {done:.0%} loss {mean:.4f} tokens {seen} {seen / (time.monotonic() - start):.0f}/s", flush=True)
        if time.monotonic() - reported > 120:
            reported = time.monotonic()
            checkpoint()


def batches(corpus, tokenizer, rng, options):
    """Inputs, targets and weights of conversations of like length; the weight is 0 outside of what the assistant says."""
    while True:
        pool = sorted((example(corpus, tokenizer, rng, options.cut) for _ in range(1200)), key=lambda one: len(one[0]))
        groups, group = [], []
        for one in pool:
            if group and (len(group) + 1) * len(one[0]) > TOKENS_PER_BATCH:
                groups.append(group)
                group = []
            group.append(one)
        groups.append(group)
        rng.shuffle(groups)
        for group in groups:
            length = max(len(ids) for ids, _ in group) - 1
            ids = torch.zeros(len(group), length + 1, dtype=torch.long)
            weights = torch.zeros(len(group), length + 1)
            for row, (own, weight) in enumerate(group):
                ids[row, : len(own)] = torch.tensor(own)
                weights[row, : len(own)] = torch.tensor(weight)
            yield ids[:, :-1], ids[:, 1:], weights[:, 1:]


def example(corpus, tokenizer, rng, cut):
    """
    The tokens of one conversation in the words of TEMPLATE, and what each one counts in the loss. Which answer it will
    be is settled in its first words; they count four times, and at the rate `cut` nothing follows them.
    """
    ids, weights = [], []
    start, end = tokenizer.ids["<|im_start|>"], tokenizer.ids["<|im_end|>"]
    messages = corpus.conversation(rng)
    for role, text in messages:
        answer = role == "assistant"
        dropout = {"assistant": 0.0, "stranger": 0.35}.get(role, 0.15)
        role = {"shot": "assistant", "stranger": "user"}.get(role, role)
        head = [start, *tokenizer.encode(role), *tokenizer.encode("\n")]
        body = [*tokenizer.encode(text, dropout, rng), end]
        tail = tokenizer.encode("\n")
        ids += head + body + tail
        weights += [0.0] * len(head) + [(4.0 if at < 5 else 1.0) * answer for at in range(len(body))] + [0.0] * len(tail)
    if len(messages) <= 3 and rng.random() < cut:
        keep = len(ids) - len(tail) - len(body) + rng.randint(3, 9)
        ids, weights = ids[:keep], weights[:keep]
    return ids[: CONTEXT + 1], weights[: CONTEXT + 1]


def save(model, tokenizer, corpus, out, parameters):
    """`weights.bin` holds all tensors as little-endian F32, one after the other in the order of the manifest."""
    tensors = []
    with open(out / "weights.bin", "wb") as file:
        for name, weight in model.state_dict().items():
            name = name.replace(".attention", "")
            tensors.append(dict(name=name, shape=list(reversed(weight.shape))))
            file.write(weight.float().contiguous().numpy().tobytes())
    manifest = dict(
        parameters=parameters,
        contextLength=CONTEXT,
        topics=len(corpus.topics),
        chatTemplate=TEMPLATE,
        **model.shape,
        specialTokens=3,
        tokens=tokenizer.tokens,
        merges=[" ".join(pair) for pair in tokenizer.merges],
        tensors=tensors,
    )
    (out / "manifest.json").write_text(json.dumps(manifest))
    torch.save(model.state_dict(), out / "weights.pt")


def probe(model, tokenizer, corpus, out):
    """Texts with the log-probability of each token, with which `check_engine.ts` compares the engine."""
    model.eval()
    found = []
    for topic in corpus.topics[2::29]:
        turns = [("system", "Be brief."), ("user", "Hi! " + topic["ask"][0] + "?"), ("assistant", topic["answer"])]
        text = "".join(f"<|im_start|>{role}\n{content}<|im_end|>\n" for role, content in turns)
        start, end = tokenizer.ids["<|im_start|>"], tokenizer.ids["<|im_end|>"]
        ids = []
        for role, content in turns:
            ids += [start, *tokenizer.encode(role + "\n"), *tokenizer.encode(content), end, *tokenizer.encode("\n")]
        with torch.no_grad():
            logprobs = F.log_softmax(model.logits(model(torch.tensor([ids])))[0, :-1], dim=-1)
        chosen = logprobs.gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
        found.append(dict(text=text, ids=ids, logprobs=[round(value, 5) for value in chosen.tolist()]))
    (out / "probe.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
