"""Writes test/evaluate/fixtures/judge.json: what Hugging Face's likelihoods make of a rubric. See README.md.

    node dist/scripts/seeded-checkpoint.js CHECKPOINT --seed 3
    python scripts/parity/make_judge_fixtures.py CHECKPOINT
"""

import argparse
import hashlib
import json
import os
import random

import tokenizers
import torch
import transformers
from transformers import AutoModelForSeq2SeqLM

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()

OUT = os.path.join(os.path.dirname(__file__), "../../test/evaluate/fixtures/judge.json")
LIMIT = 512
RUBRIC = {
    "prompt": "is it good? {labels}. summary: {summary} text: {source} end",
    "labels": {"bad": 0, "quite fair": 0.4, "good and long enough": 1},
}
WORDS = "the council met in a small town, nobody said what it would do about water; {source} $& again".split(" ")
# Words of each row's source and summary: the two after the fourth do not fit into the model, the last not even without its source.
LENGTHS = [(30, 8), (1, 1), (0, 5), (60, 0), (900, 20), (3000, 60), (50, 700)]


def question(source, summary):
    parts = {"labels": ", ".join(RUBRIC["labels"]), "summary": summary, "source": source}
    before, after = RUBRIC["prompt"].split("{source}")
    for name in ("labels", "summary"):
        before = before.replace("{" + name + "}", parts[name], 1)
    return before + source + after


def likelihoods(model, ids, targets):
    """In float64, as in make_score_fixtures.py."""
    for target in targets:
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([ids]), labels=torch.tensor([target])).logits[0]
        yield torch.log_softmax(logits, dim=-1).gather(1, torch.tensor(target)[:, None])[:, 0]


def expected(weights):
    shares = torch.softmax(torch.tensor(weights, dtype=torch.float64), dim=0)
    values = torch.tensor(list(RUBRIC["labels"].values()), dtype=torch.float64)
    return round(float((shares * values).sum()), 6)


def judged(model, encode, source, summary):
    words = source.split(" ")
    for count in range(len(words), -1, -1):
        kept = " ".join(words[:count])
        ids = encode(question(kept, summary))
        if len(ids) <= LIMIT:
            break
    else:
        return {"source": source, "summary": summary, "none": None, "tokens": None, "kept": None}
    scores = list(likelihoods(model, ids, [encode(label) for label in RUBRIC["labels"]]))
    none = expected([float(score.sum()) for score in scores])
    tokens = expected([float(score.mean()) for score in scores])
    return {"source": source, "summary": summary, "none": none, "tokens": tokens, "kept": len(kept)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    folder = parser.parse_args().checkpoint
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float64).eval()
    tokenizer = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    rng = random.Random("judge")
    text = lambda count: " ".join(rng.choice(WORDS) for _ in range(count))
    rows = [judged(model, lambda t: tokenizer.encode(t).ids, text(a), text(b)) for a, b in LENGTHS]
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    made = {"transformers": transformers.__version__, "weightsSha256": digest, "rubric": RUBRIC, "rows": rows}
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
