"""Trains the vocabulary on pairs of the generator and writes tokenizer.json in T5's form.

    node dist/scripts/corpus/main.js --count 30000 | python scripts/train/vocabulary.py OUT --size 8192

The pieces come from SentencePiece's byte-pair merges, which keep frequent words whole; its own Unigram training cuts them up here, as in texts full of
made-up names a word's first letter is often alone. The scores are Unigram's: logarithms of how often the best segmentation uses each piece.
"""

import argparse
import io
import json
import math
import os
import re
import sys
from collections import Counter

import sentencepiece
from tokenizers import Tokenizer

DIGITS = "0123456789"
# No piece holds two digits: a number is copied digit by digit. They are added by hand, as they are frequent enough to spoil the counts of all others.
DIGIT_SCORE = -5.0
SPECIAL = ["<pad>", "</s>", "<unk>"]
# Every printable ASCII character and what European names and prices need, so that any code can be spelt.
LETTERS = "".join(chr(c) for c in range(33, 127) if not chr(c).isdigit()) + "\u20ac\u00a3\u2013\u2019\u201c\u201d\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc\u00df\u00e9\u00e8\u00e0\u00e1\u00ed\u00f3\u00fa\u00f1\u00e7\u00f8\u00e5"
ROUNDS = 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=8192)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    lines = texts()
    words = Counter(word for line in lines for word in line.split())
    pieces = with_digits(scored(merges(lines, args.size), words))
    write(args.out, "tokenizer.json", tokenizer(pieces))
    write(
        args.out,
        "tokenizer_config.json",
        {
            "tokenizer_class": "T5Tokenizer",
            "model_max_length": 1024,
            "eos_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "extra_ids": 0,
            "additional_special_tokens": [],
            "clean_up_tokenization_spaces": False,
        },
    )
    print(f"{len(pieces)} pieces")


def texts():
    pairs = map(json.loads, sys.stdin)
    return [re.sub("[0-9]", "", text) for pair in pairs for text in [*pair["source"].split("\n"), pair["target"]]]


def merges(lines, size):
    """The pieces of SentencePiece, the special ones first."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        vocab_size=size - 2 * len(DIGITS),
        model_type="bpe",
        normalization_rule_name="identity",
        required_chars=LETTERS,
        character_coverage=1.0,
        max_sentencepiece_length=16,
        num_threads=2,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    reader = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return [reader.id_to_piece(i) for i in range(reader.get_piece_size())]


def scored(names, words):
    """Hard expectation-maximization: long pieces first, then whatever the best segmentation of the words uses."""
    common = [(word, count) for word, count in words.items() if count > 1]
    scores = [0.0 if name in SPECIAL else -5.0 - 1.0 / len(name) for name in names]
    for _ in range(ROUNDS):
        reader = Tokenizer.from_str(json.dumps(tokenizer(list(zip(names, scores)))))
        counts = Counter()
        for at in range(0, len(common), 10000):
            part = common[at : at + 10000]
            for encoding, (_, count) in zip(reader.encode_batch([word for word, _ in part], add_special_tokens=False), part):
                counts.update({piece: count * times for piece, times in Counter(encoding.tokens).items()})
        total = sum(counts.values())
        scores = [0.0 if name in SPECIAL else math.log(max(counts[name], 0.5) / total) for name in names]
    return list(zip(names, scores))


def with_digits(pieces):
    return pieces + [(begin + digit, DIGIT_SCORE) for begin in ("\u2581", "") for digit in DIGITS]


def tokenizer(pieces):
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    end = {"SpecialToken": {"id": "</s>", "type_id": 0}}
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": i, "content": name, **special} for i, name in enumerate(SPECIAL)],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"Sequence": {"id": "A", "type_id": 0}}, end],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, end, {"Sequence": {"id": "B", "type_id": 0}}, end],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}},
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": 2, "vocab": pieces, "byte_fallback": False},
    }


def write(folder, name, value):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)


main()
