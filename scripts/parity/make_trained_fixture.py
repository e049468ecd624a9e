"""Writes what Hugging Face's generate() makes of a trained model's own kind of texts. See README.md.

    node dist/scripts/corpus/main.js --split test --count 300 --task summarize | python scripts/parity/make_trained_fixture.py MODEL OUT.json.gz
"""

import argparse
import gzip
import hashlib
import json
import os
import sys

import torch
import transformers
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from make_fixtures import EOS, batches, generate

# All outputs end by themselves long before. Without the ban, which the model ships with, some would go round in circles.
NEW = {"maxNewTokens": 128, "noRepeatNgramSize": 3}
CASES = {
    "greedy": {"numBeams": 1, **NEW},
    "beams 4": {"numBeams": 4, "earlyStopping": True, "lengthPenalty": 1.0, **NEW},
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    args = parser.parse_args()
    texts = [json.loads(line)["source"] for line in sys.stdin]
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForSeq2SeqLM.from_pretrained(args.model, dtype=torch.float32).eval()
    rows = [tokenizer(text, truncation=True)["input_ids"] for text in texts]
    cases = [{"name": name, "options": options, **generated(model, rows, name, options)} for name, options in CASES.items()]
    with open(os.path.join(args.model, "model.safetensors"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    versions = {"transformers": transformers.__version__, "torch": torch.__version__}
    made = {"weightsSha256": digest, **versions, "texts": texts, "inputTokens": [len(row) for row in rows], "cases": cases}
    # No time stamp, so that the same results are the same file.
    with open(args.out, "wb") as file:
        file.write(gzip.compress(json.dumps(made, separators=(",", ":")).encode(), mtime=0))


def generated(model, rows, name, options):
    rest = {key: value for key, value in options.items() if key != "numBeams"}
    beams = options["numBeams"]
    # Batches of like length, as padding is most of the work otherwise; results go back to their places.
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    found = [None] * len(rows)
    for batch in batches(len(rows), seed=name):
        places = [order[i] for i in batch]
        for place, result in zip(places, generate(model, [rows[i] for i in places], beams, rest)):
            found[place] = result
    sequences = [sequence for sequence, _ in found]
    ended = sum(sequence[-1] == EOS for sequence in sequences)
    print(f"{name}: {sum(map(len, sequences)) / len(rows):.1f} tokens on average, {ended} of {len(rows)} ended by the end token")
    return {"sequences": sequences, "scores" if beams > 1 else "margins": [number for _, number in found]}


if __name__ == "__main__":
    main()
