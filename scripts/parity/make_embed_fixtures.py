"""Writes test/engine/fixtures/embed.json.gz: mean-pooled states of Hugging Face's encoders. See README.md.

    python scripts/parity/make_embed_fixtures.py CHECKPOINTS

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
from transformers import MT5EncoderModel, T5EncoderModel

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()

OUT = os.path.join(os.path.dirname(__file__), "../../test/engine/fixtures/embed.json.gz")
SEEDS = {"t5": 1, "t5-v1.1": 2, "mt5": 3, "byt5": 4}
EOS = 1
LENGTHS = [1, 2, 7, 63, 64, 65, 150]


def embeddings(model, documents):
    """All documents in one padded batch, averaged under the attention mask."""
    longest = max(len(document) for document in documents)
    ids = torch.tensor([document + [0] * (longest - len(document)) for document in documents])
    mask = torch.tensor([[1] * len(document) + [0] * (longest - len(document)) for document in documents])
    with torch.no_grad():
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
    means = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return [[round(float(value), 6) for value in mean] for mean in means]


def fixture(folder, family):
    kind = MT5EncoderModel if family == "mt5" else T5EncoderModel
    model = kind.from_pretrained(folder, dtype=torch.float32).eval()
    rng = random.Random(f"embed {family}")
    documents = [[rng.randrange(3, model.config.vocab_size) for _ in range(length - 1)] + [EOS] for length in LENGTHS]
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    rows = [
        {"document": document, "embedding": embedding}
        for document, embedding in zip(documents, embeddings(model, documents), strict=True)
    ]
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
