"""Pairs from the generator, tokenized, in batches of like length: fresh ones all the time, the same for the same seed."""

import json
import random
import subprocess
import threading
from queue import Queue

import torch

CHUNK = 2048


def pairs(generator, split, begin, count, phase, seed, task=None):
    """What scripts/corpus/main.ts prints."""
    command = ["node", generator, "--split", split, "--from", str(begin), "--count", str(count), "--seed", str(seed)]
    command += ["--least", str(phase["least"]), "--most", str(phase["most"]), "--copies", str(phase.get("copies", 0))]
    if "genres" in phase:
        command += ["--genres", ",".join(phase["genres"])]
    if task:
        command += ["--task", task]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def encode(tokenizer, rows, most):
    sources = tokenizer.encode_batch([row["source"] for row in rows])
    targets = tokenizer.encode_batch([row["target"] for row in rows])
    return [(cut(s.ids, most), cut(t.ids, 128)) for s, t in zip(sources, targets)]


def cut(ids, most):
    return ids if len(ids) <= most else ids[: most - 1] + [1]


def pad(rows, multiple=1):
    """To the longest row, and on to a multiple: every new shape costs the processor's library a search and a compilation."""
    longest = -(-max(map(len, rows)) // multiple) * multiple
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def steps(encoded, parts, tokens, seed):
    """Steps in a drawn order, each of so many parts of like length and about that many source tokens."""
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i][0]))
    groups, group = [], []
    for index in order:
        if group and (len(group) + 1) * len(encoded[index][0]) > tokens:
            groups.append(group)
            group = []
        group.append(index)
    groups.append(group)
    # All but a few of the shortest fill whole steps.
    whole = [groups[at : at + parts] for at in range(len(groups) % parts, len(groups), parts)]
    random.Random(seed).shuffle(whole)
    for some in whole:
        yield [(pad([encoded[i][0] for i in group], 32), pad([encoded[i][1] for i in group], 16)) for group in some]


def chunks(generator, tokenizer, begin, phase_at, preset):
    """Endless chunks of steps from document `begin` on, made in a thread while others are trained on."""
    queue = Queue(maxsize=2)
    parts, seed = preset["parts"], preset["seed"]

    def make():
        at = begin
        while True:
            encoded = encode(tokenizer, pairs(generator, "train", at, CHUNK, phase_at(at), seed), preset["most_tokens"])
            queue.put((at + CHUNK, list(steps(encoded, parts, preset["batch_tokens"] // parts, seed + at))))
            at += CHUNK

    threading.Thread(target=make, daemon=True).start()
    while True:
        yield queue.get()
