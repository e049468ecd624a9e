"""Writes test/engine/fixtures/search.json.gz: what Hugging Face's generate() makes of the hash model, option by option. See README.md."""

import gzip
import json
import os
import re
import sys
import warnings

import torch
import transformers
from transformers import GenerationConfig
from transformers.generation.stopping_criteria import StopStringCriteria

from hash_model import EOS, HashConfig, HashModel, PieceTokenizer, pieces

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
warnings.filterwarnings("ignore")

OUT = os.path.join(os.path.dirname(__file__), "../../test/engine/fixtures/search.json.gz")
TOKENIZER = PieceTokenizer(pieces())

generator = torch.Generator().manual_seed(7)
DOCUMENTS = [
    torch.randint(2, 200, (length,), generator=generator).tolist() + [EOS] for length in (1, 3, 4, 6, 9, 12, 20, 40)
]

SHORT = {"maxNewTokens": 24}
# What is tried both in greedy search and with beams.
PROCESSORS = [
    {},
    {"minLength": 12},
    {"minNewTokens": 12},
    {"minNewTokens": 3, "minLength": 20},
    {"noRepeatNgramSize": 1},
    {"noRepeatNgramSize": 2},
    {"noRepeatNgramSize": 3, "minLength": 15},
    {"encoderNoRepeatNgramSize": 1},
    {"encoderNoRepeatNgramSize": 2},
    {"repetitionPenalty": 1.5},
    {"repetitionPenalty": 0.7, "noRepeatNgramSize": 3},
    {"repetitionPenalty": 1.2, "minNewTokens": 9},
    {"forcedBosTokenId": 9},
    {"forcedEosTokenId": 1},
    {"forcedBosTokenId": 8, "forcedEosTokenId": 1, "noRepeatNgramSize": 2},
    {"suppressTokens": list(range(20, 60))},
    {"beginSuppressTokens": list(range(2, 100))},
    {"beginSuppressTokens": list(range(2, 100)), "forcedBosTokenId": 3},
    {"badWordsIds": [[i] for i in range(50, 80)] + [[1]]},
    {"badWordsIds": [[i, j] for i in range(2, 40) for j in range(40, 90, 2)] + [[5]]},
    {"badWordsIds": [[0, 160]] + [[i, j, k] for i in range(150, 200) for j in range(190, 200) for k in range(0, 200, 3)]},
    {"decoderPrefixIds": [5, 6, 7]},
    {"decoderPrefixIds": [5, 6], "minNewTokens": 6, "forcedBosTokenId": 9},
    {"decoderPrefixIds": [5, 6], "beginSuppressTokens": list(range(2, 120)), "repetitionPenalty": 1.4},
    {"decoderPrefixIds": [12, 13], "maxLength": 9, "minLength": 6, "maxNewTokens": None},
    {"maxLength": 6, "maxNewTokens": None},
    {"maxNewTokens": 1},
    {"stopStrings": ["ab", "hd"], "minNewTokens": 20},
    {"stopStrings": ["cfg", "j"], "minNewTokens": 20, "decoderPrefixIds": [11, 4]},
]
BEAMS = [
    {"numBeams": beams, "lengthPenalty": penalty, "earlyStopping": early}
    for beams in (2, 5)
    for penalty in (0.0, 0.6, 1.0, 2.0, -0.5)
    for early in (True, False, "never")
] + [
    {"numBeams": 4, "numReturnSequences": 4, "earlyStopping": True},
    {"numBeams": 4, "numReturnSequences": 3, "earlyStopping": "never", "noRepeatNgramSize": 2, "lengthPenalty": 2.0},
    {"numBeams": 3, "numReturnSequences": 2, "stopStrings": ["a", "b", "c"], "minNewTokens": 20},
]


def cases():
    for processors in PROCESSORS:
        yield {"eosRate": 40, "options": {"numBeams": 1, **SHORT, **processors}}
        yield {"eosRate": 40, "options": {"numBeams": 4, **SHORT, **processors}}
        yield {"eosRate": 12, "options": {"numBeams": 3, "earlyStopping": True, "lengthPenalty": 2.0, **SHORT, **processors}}
    # Two forced tokens are equally good: only the first of them in greedy search is a defined choice.
    yield {"eosRate": 40, "options": {"numBeams": 1, **SHORT, "forcedEosTokenId": [1, 30]}}
    for beams in BEAMS:
        for eos_rate in (15, 90):
            yield {"eosRate": eos_rate, "options": {**SHORT, **beams}}
    for options in ({"numBeams": 1}, {"numBeams": 2}, {"numBeams": 4, "earlyStopping": True, "minNewTokens": 5}):
        yield {"eosRate": 40, "options": {**SHORT, **options}, "generationConfig": {"eos_token_id": [1, 7, 9]}}


def hf_arguments(options):
    arguments = {}
    for name, value in options.items():
        if value is not None and name != "decoderPrefixIds":
            arguments[re.sub("[A-Z]", lambda m: "_" + m[0].lower(), name)] = value
    if "stop_strings" in arguments:
        arguments["tokenizer"] = TOKENIZER
    return arguments


def new_model(case):
    model = HashModel(HashConfig())
    model.eos_rate = case["eosRate"]
    model.generation_config = GenerationConfig(
        **{"pad_token_id": 0, "eos_token_id": EOS, "decoder_start_token_id": 0, **case.get("generationConfig", {})}
    )
    return model


def generate(model, case, documents):
    """For each document its sequences: ids behind the start token, why they end, sequence score, token scores."""
    options = case["options"]
    width = max(map(len, documents))
    ids = torch.tensor([document + [0] * (width - len(document)) for document in documents])
    prompt = [0] + options.get("decoderPrefixIds", [])
    out = model.generate(
        input_ids=ids,
        attention_mask=(ids != 0).long(),
        decoder_input_ids=torch.tensor([prompt] * len(documents)),
        use_cache=False,
        do_sample=False,
        return_dict_in_generate=True,
        output_scores=True,
        **hf_arguments(options),
    )
    beams = options["numBeams"] > 1
    eos = case.get("generationConfig", {}).get("eos_token_id", [EOS])
    scores = model.compute_transition_scores(
        out.sequences, out.scores, out.beam_indices if beams else None, normalize_logits=not beams
    )
    stop = StopStringCriteria(TOKENIZER, options["stopStrings"]) if "stopStrings" in options else None
    found = []
    for i, sequence in enumerate(out.sequences.tolist()):
        length = len(prompt) + (int((out.beam_indices[i] >= 0).sum()) if beams else row_length(sequence[len(prompt) :], eos, stop, prompt))
        sequence = sequence[:length]
        reason = "eos" if sequence[-1] in eos else "stop" if stop and stop(torch.tensor([sequence]), None)[0] else "length"
        token_scores = scores[i][: length - len(prompt)].tolist()
        found.append(
            {
                "ids": sequence[1:],
                "reason": reason,
                "score": round(float(out.sequences_scores[i]) if beams else sum(token_scores), 5),
                "tokenScores": [round(value, 5) for value in token_scores],
            }
        )
    returned = options.get("numReturnSequences", 1)
    return [found[i : i + returned] for i in range(0, len(found), returned)]


def row_length(generated, eos, stop, prompt):
    for i, token in enumerate(generated):
        if token in eos or (stop and stop(torch.tensor([prompt + generated[: i + 1]]), None)[0]):
            return i + 1
    return len(generated)


def same(a, b):
    return all(x["ids"] == y["ids"] and x["reason"] == y["reason"] and abs(x["score"] - y["score"]) < 1e-4 for x, y in zip(a, b))


def sampling():
    """The distribution of the first token after HF's processors and warpers."""
    for options in (
        {"temperature": 0.7, "topK": 20},
        {"temperature": 1.3, "topK": 0, "topP": 0.8},
        {"topK": 50, "topP": 0.6, "repetitionPenalty": 1.3},
        {"temperature": 0.5, "topK": 0},
        {"temperature": 1.1, "minP": 0.3, "noRepeatNgramSize": 1},
        {},
    ):
        model = new_model({"eosRate": 40})
        prefix = [5, 6, 7]
        out = model.generate(
            input_ids=torch.tensor([DOCUMENTS[5]]),
            decoder_input_ids=torch.tensor([[0] + prefix]),
            use_cache=False,
            do_sample=True,
            max_new_tokens=1,
            return_dict_in_generate=True,
            output_scores=True,
            **hf_arguments(options),
        )
        probabilities = out.scores[0][0].double().softmax(-1)
        kept = probabilities.nonzero()[:, 0].tolist()
        yield {
            "document": 5,
            "options": {"doSample": True, "decoderPrefixIds": prefix, "maxNewTokens": 1, **options},
            "probabilities": {i: float(f"{probabilities[i]:.9g}") for i in kept},
        }


def main():
    made = []
    for case in cases():
        model = new_model(case)
        results = [generate(model, case, [document])[0] for document in DOCUMENTS]
        # HF pads n-grams of the document too, so that one option depends on the batch there.
        if "encoderNoRepeatNgramSize" not in case["options"]:
            for alone, together in zip(results, generate(model, case, DOCUMENTS)):
                if not same(alone, together):
                    print("depends on its batch:", case, alone, together, file=sys.stderr)
        made.append({**case, "options": {k: v for k, v in case["options"].items() if v is not None}, "results": results})
    fixture = {
        "transformers": transformers.__version__,
        "pieces": TOKENIZER.pieces,
        "documents": DOCUMENTS,
        "cases": made,
        "sampling": list(sampling()),
    }
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    # No time stamp, so that the same results are the same file.
    with open(OUT, "wb") as file:
        file.write(gzip.compress(json.dumps(fixture, separators=(",", ":")).encode(), mtime=0))
    reasons = [s["reason"] for case in made for result in case["results"] for s in result]
    print(len(made), "cases,", {reason: reasons.count(reason) for reason in set(reasons)}, os.path.getsize(OUT), "bytes")


if __name__ == "__main__":
    main()
