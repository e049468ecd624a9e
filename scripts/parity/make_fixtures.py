"""Writes test/engine/fixtures/parity/FAMILY.json.gz: what Hugging Face's generate() makes of seeded checkpoints. See README.md.

    python scripts/parity/make_fixtures.py CHECKPOINTS [--names t5 umt5 ...]

CHECKPOINTS holds a folder for each name, written by scripts/seeded-checkpoint.ts with the options below.
"""

import argparse
import gzip
import hashlib
import json
import os
import random
import re
import warnings

import torch
import transformers
from transformers import AutoModelForSeq2SeqLM

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
warnings.filterwarnings("ignore")

OUT = os.path.join(os.path.dirname(__file__), "../../test/engine/fixtures/parity")
# Seeds of the checkpoints: with one for all, mT5 would get the weights of T5 v1.1.
SEEDS = {"t5": 1, "t5-v1.1": 2, "mt5": 3, "byt5": 4}
# What the families above do not show, in few documents and cases: bias tables in every layer, unlike stacks, and
# dimensions that are multiples of nothing, with heads x d_kv below d_model.
SHAPES = {
    "umt5": {"family": "umt5", "seed": 5},
    "t5-layers-2-3": {"family": "t5", "layers": 2, "decoderLayers": 3, "seed": 6},
    "t5-odd": {"family": "t5", "dimensions": {"heads": 3, "dKv": 10, "vocabSize": 613}, "seed": 7},
}
EOS = 1
COUNT = 32
SHAPE_COUNT = 12
LONGEST = 120
NEW = {"maxNewTokens": 48}

SETTINGS = {
    "plain": NEW,
    "ngram": {**NEW, "noRepeatNgramSize": 3},
    "lengths": {"minLength": 20, "maxLength": 40},
}
BEAM_SETTINGS = {
    **SETTINGS,
    "penalty 0.6": {**NEW, "lengthPenalty": 0.6},
    "penalty 1": {**NEW, "lengthPenalty": 1.0, "earlyStopping": False},
    "penalty 2": {**NEW, "lengthPenalty": 2.0},
    "early": {**NEW, "earlyStopping": True},
    "never": {**NEW, "earlyStopping": "never"},
    "like T5-small": {
        "noRepeatNgramSize": 3,
        "minLength": 15,
        "maxLength": 60,
        "lengthPenalty": 2.0,
        "earlyStopping": True,
    },
}
CASES = [("greedy", 1, name, options) for name, options in SETTINGS.items()] + [
    (f"beams {beams}", beams, name, options) for beams in (2, 4) for name, options in BEAM_SETTINGS.items()
]
SHAPE_CASES = [case for case in CASES if case[0] != "beams 2" and case[2] in ("plain", "like T5-small")]


def documents(vocab_size, seed, count):
    """Seeded token ids, every length from 1 to the longest as likely as another, in no order; the end token last."""
    rng = random.Random(seed)
    lengths = [1 + (LONGEST - 1) * i // (count - 1) for i in range(count)]
    rng.shuffle(lengths)
    return [[rng.randrange(3, vocab_size) for _ in range(length - 1)] + [EOS] for length in lengths]


def batches(count, seed):
    """Mixed batch sizes, documents in their (shuffled) order."""
    rng = random.Random(seed)
    start = 0
    while start < count:
        size = rng.choice((1, 3, 5, 8))
        yield range(start, min(count, start + size))
        start += size


def generate(model, rows, beams, options):
    arguments = {re.sub("[A-Z]", lambda m: "_" + m[0].lower(), name): value for name, value in options.items()}
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    out = model.generate(
        input_ids=ids,
        attention_mask=(torch.arange(width) < torch.tensor([[len(row)] for row in rows])).long(),
        num_beams=beams,
        do_sample=False,
        return_dict_in_generate=True,
        output_scores=True,
        # transformers makes a cache of as many layers as the encoder has, and fails where the decoder has more.
        use_cache=model.config.num_layers >= model.config.num_decoder_layers,
        **arguments,
    )
    for i, sequence in enumerate(out.sequences.tolist()):
        generated = sequence[1:]
        if beams > 1:
            yield generated[: int((out.beam_indices[i] >= 0).sum())], round(float(out.sequences_scores[i]), 5)
            continue
        generated = generated[: generated.index(EOS) + 1] if EOS in generated else generated
        best = [scores[i].topk(2).values for scores in out.scores[: len(generated)]]
        yield generated, round(min(float(first - second) for first, second in best), 5)


def fixture(folder, name):
    shape = SHAPES.get(name)
    found_cases = generate_cases(folder, name, SHAPE_COUNT if shape else COUNT, SHAPE_CASES if shape else CASES)
    made = {"checkpoint": shape} if shape else {"family": name, "seed": SEEDS[name]}
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    versions = {"transformers": transformers.__version__, "torch": torch.__version__}
    return {**made, "weightsSha256": digest, **versions, **found_cases}


def generate_cases(folder, family, count, wanted):
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    rows = documents(model.config.vocab_size, seed=family, count=count)
    cases = []
    for search, beams, name, options in wanted:
        found = []
        for batch in batches(len(rows), seed=name):
            found += generate(model, [rows[i] for i in batch], beams, options)
        sequences = [sequence for sequence, _ in found]
        numbers = [number for _, number in found]
        cases.append(
            {
                "name": f"{search}, {name}",
                "options": {"numBeams": beams, **options},
                "sequences": sequences,
                "scores" if beams > 1 else "margins": numbers,
            }
        )
        distinct = sum(len(set(s)) for s in sequences) / len(sequences)
        ended = sum(s[-1] == EOS for s in sequences)
        print(f"{family:14} {search:8} {name:14} {distinct:5.1f} distinct tokens, {ended} of {len(sequences)} ended")
    return {"documents": rows, "cases": cases}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoints")
    parser.add_argument("--names", nargs="*", default=[*SEEDS, *SHAPES])
    arguments = parser.parse_args()
    os.makedirs(OUT, exist_ok=True)
    for name in arguments.names:
        made = fixture(os.path.join(arguments.checkpoints, name), name)
        # No time stamp, so that the same results are the same file.
        with open(os.path.join(OUT, f"{name}.json.gz"), "wb") as file:
            file.write(gzip.compress(json.dumps(made, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    main()
