"""Writes what a training has reached as a Hugging Face checkpoint folder, and holds it against transformers.

    python scripts/train/export.py RUN OUT [--dtype auto|float16|bfloat16] [--beams 4] [--no-repeat-ngram-size 3]

Every file is replaced at once, the weights last: whoever reads OUT meanwhile reads a whole model. The model card of OUT stays.
"""

import argparse
import json
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer

from data import encode, pad, pairs
from model import Model, Shape
from train import GENERATOR

MOST_BYTES = 25_000_000
DOCUMENTS = 16
TYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16}
# Targets were cut to so many tokens in training.
LONGEST = 128


def main():
    args = arguments()
    torch.manual_seed(1)
    stored = torch.load(os.path.join(args.run, "state.pt"), map_location="cpu")
    weights, state = stored["model"], stored["state"]
    shape = shape_of(weights)
    tokenizer = Tokenizer.from_file(os.path.join(args.run, "tokenizer.json"))
    ids, targets = documents(tokenizer)
    chosen = args.dtype
    if chosen == "auto":
        chosen = closest(shape, weights, ids, targets)
    weights = {name: value.to(TYPES[chosen]).contiguous() for name, value in weights.items()}
    write(args, shape, weights, chosen)
    check(args.out, shape, weights, ids, targets)
    size = sum(os.path.getsize(os.path.join(args.out, name)) for name in os.listdir(args.out))
    print(f"{args.out}: {state['documents']} documents, step {state['step']}, {chosen}, {size / 1e6:.1f} MB")
    if size > MOST_BYTES:
        raise SystemExit(f"{args.out} has {size} bytes, expected at most {MOST_BYTES}")


def shape_of(weights):
    """The weights tell all of it but how far positions reach."""
    vocab, width = weights["shared.weight"].shape
    first = "encoder.block.0.layer.0.SelfAttention."
    buckets, heads = weights[first + "relative_attention_bias.weight"].shape
    blocks = {stack: len({n.split(".")[2] for n in weights if n.startswith(f"{stack}.block.")}) for stack in ("encoder", "decoder")}
    return Shape(
        vocab=vocab,
        width=width,
        heads=heads,
        head=weights[first + "q.weight"].shape[0] // heads,
        inner=weights["encoder.block.0.layer.1.DenseReluDense.wi_0.weight"].shape[0],
        buckets=buckets,
        **blocks,
    )


def documents(tokenizer):
    """Validation documents of all lengths in one padded batch."""
    rows = pairs(GENERATOR, "validation", 0, DOCUMENTS, {"least": 60, "most": 700}, 1)
    encoded = encode(tokenizer, rows, 1024)
    return pad([source for source, _ in encoded]), pad([target for _, target in encoded])


@torch.no_grad()
def logits(shape, weights, ids, targets):
    model = Model(shape)
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    model.eval()
    states, mask = model.encode(ids)
    begin = torch.zeros(targets.shape[0], 1, dtype=torch.long)
    return F.linear(model.hidden(torch.cat([begin, targets[:, :-1]], 1), states, mask), model.shared.weight)[targets != 0]


def closest(shape, weights, ids, targets):
    """The type whose rounding changes the logits least."""
    exact = logits(shape, weights, ids, targets)
    wanted = targets[targets != 0]
    loss = F.cross_entropy(exact, wanted).item()
    errors = {}
    for name, kind in TYPES.items():
        rounded = logits(shape, {key: value.to(kind) for key, value in weights.items()}, ids, targets)
        errors[name] = (rounded - exact).pow(2).mean().sqrt().item()
        told = f"logits off by {errors[name]:.6f} (root mean square), loss {F.cross_entropy(rounded, wanted).item():.5f}"
        print(f"{name}: {told} against {loss:.5f} in float32")
    return min(errors, key=errors.get)


def write(args, shape, weights, dtype):
    os.makedirs(args.out, exist_ok=True)
    for name, value in (("config.json", config(shape, dtype, search(args))), ("generation_config.json", generation())):
        replace(os.path.join(args.out, name), lambda path: write_json(path, value))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        with open(os.path.join(args.run, name), "rb") as file:
            content = file.read()
        replace(os.path.join(args.out, name), lambda path: write_bytes(path, content))
    replace(os.path.join(args.out, "model.safetensors"), lambda path: save_file(weights, path, {"format": "pt"}))


def search(args):
    """What summaries and titles take by default; scripts/scores/searches.ts measures what is best."""
    ngrams = {"no_repeat_ngram_size": args.no_repeat_ngram_size} if args.no_repeat_ngram_size else {}
    return {"num_beams": args.beams, **({"early_stopping": True} if args.beams > 1 else {}), **ngrams}


def config(shape, dtype, search):
    return {
        "architectures": ["T5ForConditionalGeneration"],
        "model_type": "t5",
        "is_encoder_decoder": True,
        "vocab_size": shape.vocab,
        "d_model": shape.width,
        "d_kv": shape.head,
        "d_ff": shape.inner,
        "num_heads": shape.heads,
        "num_layers": shape.encoder,
        "num_decoder_layers": shape.decoder,
        "relative_attention_num_buckets": shape.buckets,
        "relative_attention_max_distance": shape.reach,
        "feed_forward_proj": "gated-gelu",
        "layer_norm_epsilon": 1e-6,
        "dropout_rate": 0.0,
        "initializer_factor": 1.0,
        # A tied head is what transformers scales by d_model**-0.5: 4.x by this flag itself, 5.x by what it derives from it.
        "tie_word_embeddings": True,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
        "use_cache": True,
        "torch_dtype": dtype,
        "task_specific_params": {
            "summarization": {"prefix": "summarize: ", "max_length": LONGEST, **search},
            "title": {"prefix": "title: ", "max_length": 48, **search},
        },
    }


def generation():
    return {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0, "max_length": LONGEST}


def replace(path, put):
    put(path + ".part")
    # safetensors writes for its owner alone.
    os.chmod(path + ".part", 0o644)
    os.replace(path + ".part", path)


def write_json(path, value):
    with open(path, "w") as file:
        file.write(json.dumps(value, indent=2) + "\n")


def write_bytes(path, content):
    with open(path, "wb") as file:
        file.write(content)


@torch.no_grad()
def check(out, shape, weights, ids, targets):
    """transformers reads the folder as what was trained."""
    from transformers import AutoTokenizer, T5ForConditionalGeneration

    ours = logits(shape, weights, ids, targets)
    model = T5ForConditionalGeneration.from_pretrained(out, dtype=torch.float32).eval()
    theirs = model(input_ids=ids, attention_mask=(ids != 0).long(), labels=targets).logits[targets != 0]
    difference, size = (ours - theirs).abs().max().item(), theirs.abs().max().item()
    print(f"logits: at most {difference:.2e} from those of transformers, which are at most {size:.1f}")
    if difference > 1e-3:
        raise SystemExit(f"{out}: transformers computes other logits than scripts/train/model.py; the export is wrong")
    rows = pairs(GENERATOR, "validation", 0, DOCUMENTS, {"least": 60, "most": 700}, 1)
    tokenizer = AutoTokenizer.from_pretrained(out)
    expected = Tokenizer.from_file(os.path.join(out, "tokenizer.json"))
    for row in rows:
        found = tokenizer(row["source"], truncation=False)["input_ids"]
        if found != expected.encode(row["source"]).ids:
            raise SystemExit(f"{out}: the tokenizer of transformers gives other ids than tokenizer.json itself")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("out")
    parser.add_argument("--dtype", choices=["auto", *TYPES], default="auto")
    parser.add_argument("--beams", type=int, default=4)
    parser.add_argument("--no-repeat-ngram-size", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
