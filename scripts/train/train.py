"""Trains a model of ours on pairs of our generator. Stops and goes on wherever it was; every figure goes to OUT/log.jsonl.

    python scripts/train/train.py scripts/train/presets/tiny.json OUT [--hours 2.5] [--processes 2] [--target]

With --target it fails unless the last validation reaches the scores that the preset states.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time

import torch
from tokenizers import Tokenizer

from data import chunks, encode, pad, pairs
from model import Model, Shape
from scores import lead_3, rouge_l, told_numbers
from team import Gradients, start

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
GENERATOR = os.path.join(ROOT, "dist/scripts/corpus/main.js")


def main():
    args = arguments()
    with open(args.preset) as file:
        preset = json.load(file)
    os.makedirs(args.out, exist_ok=True)
    vocabulary(args.out, preset)
    start(train, min(args.processes, preset["parts"]), args, preset)


def train(team, args, preset):
    torch.manual_seed(preset["seed"])
    # Attention that has made up its mind leaves numbers so small that the processor takes hundreds of cycles for each.
    torch.set_flush_denormal(True)
    tokenizer = vocabulary(args.out, preset)
    model = Model(Shape(vocab=padded(tokenizer.get_vocab_size()), **preset["shape"]))
    optimizers = made(model, preset)
    state = resume(args.out, model, optimizers)
    if team.is_first:
        parameters = sum(p.numel() for p in model.parameters())
        log(args.out, {"parameters": parameters, "resumed_at": state["documents"], "processes": team.size})
    run(team, args, preset, tokenizer, model, optimizers, state)
    if args.target and team.is_first:
        reach(preset, evaluate(args.out, preset, tokenizer, model, state, ["validation"]))


def run(team, args, preset, tokenizer, model, optimizers, state):
    begin, saved, reported, losses = time.time(), time.time(), time.time(), []
    before = state["seconds"]
    phases = preset["phases"]
    gradients = Gradients(model)

    def phase_at(document):
        return next(p for p in phases if document < p["until"] or p is phases[-1])

    for documents, steps in chunks(GENERATOR, tokenizer, state["documents"], phase_at, preset):
        model.learn_distances(phase_at(state["documents"]).get("learn_distances", False))
        for parts in steps:
            rate = preset["rate"] * schedule(state["step"], documents, preset)
            losses.append(step(team, model, gradients, optimizers, parts, rate))
            state["step"] += 1
            if time.time() - reported > 30 and team.is_first:
                state["seconds"] = before + time.time() - begin
                log(args.out, {"step": state["step"], "documents": documents, "seconds": round(state["seconds"]), "loss": sum(losses) / len(losses), "rate": rate})
                reported, losses = time.time(), []
        state["documents"] = documents
        over = documents >= preset["documents"] or team.agree(time.time() - begin > args.hours * 3600)
        if team.is_first and (over or time.time() - saved > 600):
            state["seconds"] = before + time.time() - begin
            save(args.out, model, optimizers, state)
            # Which of some genres were not seen says nothing.
            splits = ["validation"] if "genres" in preset["phases"][-1] else ["validation", "unseen"]
            evaluate(args.out, preset, tokenizer, model, state, splits)
            saved = time.time()
        if over:
            return


def step(team, model, gradients, optimizers, parts, rate):
    """One step of the optimizers; the loss is that of this process's parts."""
    gradients.clear()
    losses = []
    for ids, targets in team.mine(parts):
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(ids, targets)
        (loss / len(parts)).backward()
        losses.append(loss.item())
    team.sum(gradients.flat)
    gradients.clip(1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["scale"]
        optimizer.step()
    return sum(losses) / len(losses)


def schedule(step, documents, preset):
    """Up in a straight line, level, and down in a straight line over the last share of the documents."""
    up = min(1.0, (step + 1) / preset["warmup"])
    left = 1.0 - documents / preset["documents"]
    return up * max(0.02, min(1.0, left / preset["cooldown"]))


def made(model, preset):
    norms = [p for p in model.parameters() if p.dim() == 1]
    tables = [p for name, p in model.named_parameters() if p.dim() == 2 and ("shared" in name or "bias" in name)]
    known = {id(p) for p in norms + tables}
    matrices = [p for p in model.parameters() if id(p) not in known]
    adam = [
        {"params": norms, "weight_decay": 0.0, "scale": 1.0},
        # The table's entries are of size 1, a matrix's of size 0.06: the same step would leave them where they were.
        {"params": tables, "weight_decay": 0.0, "scale": 2.0},
    ]
    if preset["optimizer"] == "adam":
        adam.append({"params": matrices, "weight_decay": 0.01, "scale": 1.0})
    optimizers = [torch.optim.AdamW(adam, lr=1.0, betas=(0.9, 0.98), eps=1e-8)]
    if preset["optimizer"] == "muon":
        group = {"params": matrices, "scale": 1.0}
        optimizers.append(torch.optim.Muon([group], lr=1.0, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"))
    return optimizers


@torch.no_grad()
def evaluate(out, preset, tokenizer, model, state, splits):
    """Greedy summaries of documents of the last phase's lengths, by trained and by held-out genres."""
    for split in splits:
        rows = pairs(GENERATOR, split, 0, preset["validation"], last(preset), preset["seed"], "summarize")
        encoded = encode(tokenizer, rows, preset["most_tokens"])
        scores, faithful = [], []
        for at in range(0, len(rows), 16):
            with torch.autocast("cpu", torch.bfloat16):
                found = model.greedy(pad([source for source, _ in encoded[at : at + 16]]), 100)
            for row, ids in zip(rows[at : at + 16], found.tolist()):
                text = tokenizer.decode([i for i in ids if i > 1])
                scores.append(rouge_l(text, row["target"]))
                faithful.append(told_numbers(text, row["source"]))
        lead = sum(rouge_l(lead_3(row["source"]), row["target"]) for row in rows) / len(rows)
        found = {"rouge_l": sum(scores) / len(scores), "lead_3": lead, "faithful": sum(faithful) / len(faithful)}
        log(out, {"split": split, "documents": state["documents"], **found, "example": text})
    return found


def reach(preset, found):
    missed = [f"{name} {found[name]:.3f} instead of {least}" for name, least in preset["target"].items() if found[name] < least]
    if missed:
        raise SystemExit(f"the target is missed: {', '.join(missed)}")
    print(f"the target is reached: {preset['target']}")


def last(preset):
    """What the last phase reads is what validation judges: without pairs that only ask for a copy."""
    return {key: value for key, value in preset["phases"][-1].items() if key != "copies"}


def vocabulary(out, preset):
    path = os.path.join(out, "tokenizer.json")
    if not os.path.exists(path):
        script = os.path.join(ROOT, "scripts/train/vocabulary.py")
        made = pairs(GENERATOR, "train", 0, preset.get("vocabulary_documents", 30000), last(preset), preset["seed"])
        lines = "".join(json.dumps(pair) + "\n" for pair in made)
        done = subprocess.run([sys.executable, script, out, "--size", str(preset["vocabulary"])], input=lines, text=True)
        if done.returncode != 0:
            raise SystemExit("the vocabulary could not be made")
    return Tokenizer.from_file(path)


def padded(count):
    return -(-count // 128) * 128


def resume(out, model, optimizers):
    path = os.path.join(out, "state.pt")
    if not os.path.exists(path):
        return {"step": 0, "documents": 0, "seconds": 0.0}
    stored = torch.load(path)
    model.load_state_dict(stored["model"])
    for optimizer, kept in zip(optimizers, stored["optimizers"]):
        optimizer.load_state_dict(kept)
    return stored["state"]


def save(out, model, optimizers, state):
    path = os.path.join(out, "state.pt")
    kept = {"model": model.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers], "state": state}
    torch.save(kept, path + ".part")
    os.replace(path + ".part", path)


def log(out, entry):
    with open(os.path.join(out, "log.jsonl"), "a") as file:
        file.write(json.dumps(entry) + "\n")
    print(json.dumps(entry), flush=True)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("out")
    parser.add_argument("--hours", type=float, default=1e9)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--target", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
