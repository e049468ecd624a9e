"""A model without weights for Hugging Face's generate(): its logits are an integer hash of the document and the last two tokens.

test/engine/search/hashModel.ts computes the same logits bit for bit, so that our searches run against generate() alone,
without ONNX Runtime and without rounding between them. Only few contexts exist, so that outputs repeat themselves (n-gram bans have
something to do), logits have both signs (penalties too), and now and then the end token is the best one.
"""

import torch
from transformers import GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

MASK = 0xFFFFFFFF
VOCAB_SIZE = 200
EOS = 1


def mix(h, word):
    h = ((h ^ word) * 0x85EBCA6B) & MASK
    h = h ^ (h >> 13)
    h = (h * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)


def document_key(ids):
    """One number a document; padding (0) adds nothing."""
    places = torch.arange(1, ids.shape[1] + 1)
    return (ids * places).sum(dim=1) & 0xFFFFF


def logits_of(keys, before_last, last, length, eos_rate):
    """The length moves logits a little, or else two orders of the same words would have equal scores, which no two sorts order alike."""
    h = mix(mix(mix(torch.full_like(keys, 17), keys), last & 15), before_last & 3)
    h = mix(h[:, None], torch.arange(VOCAB_SIZE)[None, :])
    logits = ((h & 0xFFE000) | (mix(h, length) & 0x1FFF)).double() / 2**21 - 4
    often = (h[:, EOS] >> 24) < eos_rate
    logits[:, EOS] = torch.where(often, logits[:, EOS] / 8 + 4.5, logits[:, EOS] / 2 - 2)
    return logits.float()


class HashConfig(PretrainedConfig):
    model_type = "hash"

    def __init__(self, **kwargs):
        self.vocab_size = VOCAB_SIZE
        kwargs.setdefault("is_encoder_decoder", True)
        super().__init__(**kwargs)


class HashEncoder(torch.nn.Module):
    main_input_name = "input_ids"

    def forward(self, input_ids=None, attention_mask=None, **_):
        return BaseModelOutput(last_hidden_state=document_key(input_ids).double()[:, None, None])


class HashModel(PreTrainedModel, GenerationMixin):
    config_class = HashConfig
    main_input_name = "input_ids"

    def __init__(self, config):
        super().__init__(config)
        self.encoder = HashEncoder()
        self.anchor = torch.nn.Parameter(torch.zeros(1))
        self.eos_rate = 40
        self.post_init()

    def _init_weights(self, module):
        pass

    def get_encoder(self, *_, **__):
        return self.encoder

    def forward(self, input_ids=None, attention_mask=None, decoder_input_ids=None, encoder_outputs=None, **_):
        keys = encoder_outputs.last_hidden_state[:, 0, 0].long()
        last = decoder_input_ids[:, -1]
        before = decoder_input_ids[:, -2] if decoder_input_ids.shape[1] > 1 else torch.zeros_like(last)
        return Seq2SeqLMOutput(logits=logits_of(keys, before, last, decoder_input_ids.shape[1], self.eos_rate)[:, None, :])


class PieceTokenizer:
    """Token i is the text PIECES[i]; texts are joined without anything between: what StopStringCriteria needs of a tokenizer."""

    def __init__(self, pieces):
        self.pieces = pieces

    def get_vocab(self):
        return {piece: i for i, piece in enumerate(self.pieces)}

    def __call__(self, text, add_special_tokens=False):
        return {"input_ids": [self.pieces.index(char) for char in text]}

    def _convert_id_to_token(self, i):
        return self.pieces[i]

    def convert_tokens_to_string(self, tokens):
        return "".join(tokens)


def pieces():
    """All different: letters, then syllables, then longer ones, so that stop strings begin and end inside of pieces."""
    letters = "abcdefghij"
    found = ["<0>", "<1>"] + list(letters)
    for length in (2, 3):
        for i in range(10**length):
            if len(found) == VOCAB_SIZE:
                return found
            text = "".join(letters[(i // 10**k) % 10] for k in range(length))
            if length == 2 or (i * 7919) % 13 == 0:
                found.append(text)
    return found
