"""The weights that a training begins with. From random ones, a small model takes most of its training to find out how to copy what it has never seen, and a
summary is mostly that. So they begin as a copier: the first cross attention looks for the place in the source whose two tokens before are the last two that were
written, and brings the token that stands there. Training is free to change all of it.
"""

import torch

# The bias of a head that looks at one neighbour.
NEIGHBOUR = 8.0
# Of products in the softmax: a match of both tokens scores 64 times this.
SHARPNESS = 0.35
# How loud the token that is brought is beside the last one that was written.
LOUDNESS = 2.5
# All other parts add little at first.
QUIET = 0.25


@torch.no_grad()
def begin_as_copier(encoder, decoder):
    for stack in (encoder, decoder):
        for block in stack.block:
            for layer in block.layer:
                part = getattr(layer, layer.name)
                (part.wo if hasattr(part, "wo") else part.o).weight.mul_(QUIET)
    width, head = encoder.shape.width, encoder.shape.head
    half = head // 2
    # Directions that have nothing to do with each other: two to read tokens along, two to keep what was read.
    read_last, read_before = orthogonal(head, width), orthogonal(head, width)
    kept = orthogonal(2 * head, width)
    keep_last, keep_before = kept[:head], kept[head:]
    look(encoder, 0, -1, read_last, keep_last)
    look(encoder, encoder.shape.heads - 1, -2, read_before, keep_before)
    look(decoder, 0, -1, read_before, keep_before)
    cross = decoder.block[0].layer[1].EncDecAttention
    for number in range(encoder.shape.heads):
        part = slice(number * head, (number + 1) * head)
        some = slice(0, half) if number % 2 == 0 else slice(half, head)
        cross.q.weight[part] = SHARPNESS * torch.cat([read_last[some], keep_before[some]])
        cross.k.weight[part] = torch.cat([keep_last[some], keep_before[some]])
    inner = encoder.shape.heads * head
    cross.v.weight.copy_(torch.eye(inner, width))
    cross.o.weight.copy_(LOUDNESS * torch.eye(width, inner))


def look(stack, number, distance, read, keep):
    """One head of the first self attention adds, along `keep`, what `read` says of the token at that distance."""
    attention = stack.block[0].layer[0].SelfAttention
    head = stack.shape.head
    part = slice(number * head, (number + 1) * head)
    attention.relative_attention_bias.weight[stack.buckets(torch.tensor(distance)), number] = NEIGHBOUR
    attention.q.weight[part] = 0.0
    attention.v.weight[part] = read
    attention.o.weight[:, part] = keep.T


def orthogonal(rows, columns):
    return torch.linalg.qr(torch.randn(columns, rows))[0].T
