"""How a seeded checkpoint behaves under greedy decoding with Hugging Face transformers.

    python scripts/parity/variety.py MODEL_DIR [--documents 24] [--tokens 60] [--shortest 16] [--longest 480] [--int8] [--random-ids]

Prints one JSON object: distinct tokens in an output, share of rows ended by the end token, share of distinct outputs, the
mean and median probability of the first choice and its margin over the second in logits. `--int8` also simulates linear
layers with row-wise dynamic activations and one weight scale a column, and prints how often the next token agrees with
fp32 under forced decoding (the same prefix).
"""

import argparse
import copy
import json
import random

import torch
from transformers import AutoModelForSeq2SeqLM

WORDS = (
    "the of and to in a is that for it was on are as with his they at be this from have or by one had not but what all"
    " were when we there can an your which their said if do will each about how up out them then she many some so these"
    " would other into has more her two like him see time could no make than first been its who now people my made over"
    " report government company market price police city court week state percent minister team season water energy"
    " Researchers London in March 2021 announced that the river's level fell by 14 % after a dry winter, officials said."
).split()


def documents(tokenizer, count, shortest, longest, vocab_size=None):
    """Token ids of seeded word lists, or any ids below `vocab_size`; lengths spread evenly between the shortest and the longest."""
    rng = random.Random(7)
    rows = []
    for index in range(count):
        length = shortest + (longest - shortest) * index // max(1, count - 1)
        ids = [rng.randrange(3, vocab_size) for _ in range(length - 1)] if vocab_size else []
        while len(ids) < length - 1:
            ids += tokenizer(" ".join(rng.choices(WORDS, k=40)), add_special_tokens=False)["input_ids"]
        rows.append(torch.tensor([ids[: length - 1] + [1]]))
    return rows


def simulate_int8(model):
    """The model with every linear layer computed as the converter's int8 graphs do."""

    def row_wise(layer):
        scale_w = layer.weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
        weight = (layer.weight / scale_w).round().clamp(-127, 127) * scale_w

        def forward(x):
            scale_x = x.abs().amax(dim=-1, keepdim=True).clamp_min(1e-12) / 127
            return torch.nn.functional.linear((x / scale_x).round().clamp(-127, 127) * scale_x, weight)

        layer.forward = forward

    quantized = copy.deepcopy(model)
    for layer in quantized.modules():
        if isinstance(layer, torch.nn.Linear):
            row_wise(layer)
    return quantized


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--documents", type=int, default=24)
    parser.add_argument("--tokens", type=int, default=60)
    parser.add_argument("--shortest", type=int, default=16)
    parser.add_argument("--longest", type=int, default=480)
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--random-ids", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForSeq2SeqLM.from_pretrained(args.model, dtype=torch.float32).eval()
    quantized = simulate_int8(model) if args.int8 else None

    outputs, distinct, ended, probabilities, margins, agreed = [], [], 0, [], [], []
    vocab_size = model.config.vocab_size if args.random_ids else None
    with torch.no_grad():
        for ids in documents(tokenizer, args.documents, args.shortest, args.longest, vocab_size):
            out = model.generate(
                ids, max_new_tokens=args.tokens, do_sample=False, num_beams=1, output_logits=True, return_dict_in_generate=True
            )
            tokens = out.sequences[0, 1:].tolist()
            logits = torch.stack(out.logits)[:, 0]
            outputs.append(tuple(tokens))
            ended += tokens[-1] == 1
            if tokens[-1] != 1:
                distinct.append(len(set(tokens)))
            top = logits.topk(2).values
            margins += (top[:, 0] - top[:, 1]).tolist()
            probabilities += logits.softmax(-1).amax(-1).tolist()
            if quantized is not None:
                forced = quantized(input_ids=ids, decoder_input_ids=out.sequences[:, :-1]).logits[0]
                agreed += (forced.argmax(-1) == torch.tensor(tokens)).tolist()

    margins, probabilities = torch.tensor(margins), torch.tensor(probabilities)
    report = {
        "documents": len(outputs),
        "distinct_tokens_of_unended": sum(distinct) / max(1, len(distinct)),
        "ended_share": ended / len(outputs),
        "ended_lengths": sorted(len(row) for row in outputs if row[-1] == 1),
        "distinct_outputs_share": len(set(outputs)) / len(outputs),
        "distinct_beginnings_share": len({row[:3] for row in outputs}) / len(outputs),
        "top1_probability_mean": probabilities.mean().item(),
        "margin_mean": margins.mean().item(),
        "margin_median": margins.median().item(),
        "margin_below_0.001_share": (margins < 1e-3).float().mean().item(),
        "margin_below_0.1_share": (margins < 0.1).float().mean().item(),
    }
    if agreed:
        report["int8_agreement"] = sum(agreed) / len(agreed)
    print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in report.items()}, indent=1))
    print(tokenizer.decode(list(outputs[-1])))


if __name__ == "__main__":
    main()
