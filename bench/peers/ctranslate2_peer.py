import json
import os

import ctranslate2
from protocol import serve, settings

config = settings()
with open(os.path.join(config["model"], "shared_vocabulary.json")) as file:
    vocabulary = json.load(file)
ids = {token: i for i, token in enumerate(vocabulary)}
translator = ctranslate2.Translator(
    config["model"],
    device="cpu",
    compute_type=config["precision"],
    inter_threads=config["inter"],
    intra_threads=config["intra"],
)


def generate(documents):
    # CTranslate2 sorts by length and spreads the batches over its workers by itself.
    results = translator.translate_batch(
        documents,
        beam_size=config["beams"],
        min_decoding_length=config["leastTokens"],
        max_decoding_length=config["newTokens"],
        max_input_length=0,
        max_batch_size=config["batch"],
        batch_type=config["batchType"],
    )
    return lambda: [[ids[token] for token in result.hypotheses[0]] for result in results]


serve(lambda documents: [[vocabulary[i] for i in document] for document in documents], generate)
