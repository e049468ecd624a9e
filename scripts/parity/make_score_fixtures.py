"""Writes test/engine/fixtures/score.json.gz: Hugging Face's log-likelihoods of given targets. See README.md.

    python scripts/parity/make_score_fixtures.py CHECKPOINTS

CHECKPOINTS is the folder that make_fixtures.py is run on.
"""

import argparse
import gzip
import hashlib
import json
import os
import random

import torch
import transformers
from transformers import AutoModelForSeq2SeqLM

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()

OUT = os.path.join(os.path.dirname(__file__), "../../test/engine/fixtures/score.json.gz")
SEEDS = {"t5": 1, "t5-v1.1": 2}
EOS = 1
# Lengths of each document's targets; 300 is longer than one pass of ours takes.
TARGET_LENGTHS = [[1], [2, 1, 5], [30], [7, 7, 40, 3], [300], [60, 129, 2, 90], [128, 1], [3, 300, 4]]
DOCUMENT_LENGTHS = [1, 5, 33, 64, 65, 100, 128, 200]


def sequence(rng, vocab_size, length):
    return [rng.randrange(3, vocab_size) for _ in range(length - 1)] + [EOS]


def token_scores(model, document, target):
    """In float64: on unlikely tokens Hugging Face's own float32 is off by as much as 1e-4.

    labels are shifted right by the model itself: the start token, then the target but for its last token.
    """
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([document]), labels=torch.tensor([target])).logits[0]
    scores = torch.log_softmax(logits, dim=-1).gather(1, torch.tensor(target)[:, None])[:, 0]
    return [round(float(score), 6) for score in scores]


def fixture(folder, family):
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float64).eval()
    vocab_size = model.config.vocab_size
    rng = random.Random(f"score {family}")
    rows = []
    for length, target_lengths in zip(DOCUMENT_LENGTHS, TARGET_LENGTHS, strict=True):
        document = sequence(rng, vocab_size, length)
        targets = [sequence(rng, vocab_size, target_length) for target_length in target_lengths]
        scores = [token_scores(model, document, target) for target in targets]
        rows.append({"document": document, "targets": targets, "tokenScores": scores})
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {"family": family, "seed": SEEDS[family], "weightsSha256": digest, "rows": rows}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoints")
    arguments = parser.parse_args()
    models = [fixture(os.path.join(arguments.checkpoints, family), family) for family in SEEDS]
    made = {"transformers": transformers.__version__, "torch": torch.__version__, "models": models}
    # No time stamp, so that the same results are the same file.
    with open(OUT, "wb") as file:
        file.write(gzip.compress(json.dumps(made, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    main()
