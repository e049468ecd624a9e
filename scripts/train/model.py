"""T5 v1.1 in PyTorch, as small as it gets: the names of its parameters are Hugging Face's, so that its weights are saved as they are."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from copier import begin_as_copier


@dataclass(frozen=True)
class Shape:
    vocab: int
    width: int
    heads: int
    head: int
    inner: int
    encoder: int
    decoder: int
    buckets: int = 32
    reach: int = 128


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        x = F.rms_norm(x, x.shape[-1:], self.weight, 1e-6)
        # Cast once here, or autocast would do it for each product that reads it.
        return x.bfloat16() if torch.is_autocast_enabled("cpu") else x


def linear(inputs, outputs, deviation):
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=deviation)
    return layer


class Attention(nn.Module):
    def __init__(self, shape, has_bias):
        super().__init__()
        inner = shape.heads * shape.head
        self.heads = shape.heads
        # T5 has no 1/sqrt(d) in its attention: the queries' initial weights hold it.
        self.q = linear(shape.width, inner, (shape.width * shape.head) ** -0.5)
        self.k = linear(shape.width, inner, shape.width**-0.5)
        self.v = linear(shape.width, inner, shape.width**-0.5)
        self.o = linear(inner, shape.width, inner**-0.5)
        if has_bias:
            self.relative_attention_bias = nn.Embedding(shape.buckets, shape.heads)
            nn.init.zeros_(self.relative_attention_bias.weight)

    def forward(self, x, states, bias):
        def split(y):
            return y.view(y.shape[0], y.shape[1], self.heads, -1).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(states)), split(self.v(states))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype), scale=1.0)
        return self.o(y.transpose(1, 2).reshape(x.shape[0], x.shape[1], -1))


class FeedForward(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.wi_0 = linear(shape.width, shape.inner, shape.width**-0.5)
        self.wi_1 = linear(shape.width, shape.inner, shape.width**-0.5)
        self.wo = linear(shape.inner, shape.width, shape.inner**-0.5)

    def forward(self, x):
        return self.wo(F.gelu(self.wi_0(x), approximate="tanh") * self.wi_1(x))


class Sub(nn.Module):
    """One part of a block with its norm; the attribute's name is what Hugging Face calls the part."""

    def __init__(self, width, name, part):
        super().__init__()
        self.layer_norm = Norm(width)
        self.name = name
        setattr(self, name, part)

    def forward(self, x, *rest):
        h = self.layer_norm(x)
        return x + getattr(self, self.name)(h, *[h if r is None else r for r in rest])


class Block(nn.Module):
    def __init__(self, shape, is_decoder, has_bias):
        super().__init__()
        parts = [Sub(shape.width, "SelfAttention", Attention(shape, has_bias))]
        if is_decoder:
            parts.append(Sub(shape.width, "EncDecAttention", Attention(shape, False)))
        parts.append(Sub(shape.width, "DenseReluDense", FeedForward(shape)))
        self.layer = nn.ModuleList(parts)


class Stack(nn.Module):
    def __init__(self, shape, is_decoder):
        super().__init__()
        self.shape, self.is_decoder = shape, is_decoder
        count = shape.decoder if is_decoder else shape.encoder
        self.block = nn.ModuleList(Block(shape, is_decoder, i == 0) for i in range(count))
        self.final_layer_norm = Norm(shape.width)

    def bias(self, length, mask):
        positions = torch.arange(length)
        table = self.block[0].layer[0].SelfAttention.relative_attention_bias.weight
        bias = table[self.buckets(positions[None, :] - positions[:, None])].permute(2, 0, 1)[None]
        if self.is_decoder:
            return bias.masked_fill(positions[None, :] > positions[:, None], -1e4)
        return bias + mask

    def buckets(self, distance):
        buckets, result = self.shape.buckets, torch.zeros_like(distance)
        if self.is_decoder:
            distance = -distance.clamp(max=0)
        else:
            buckets //= 2
            result = (distance > 0).long() * buckets
            distance = distance.abs()
        exact = buckets // 2
        far = exact + (torch.log(distance.clamp(min=1).float() / exact) / math.log(self.shape.reach / exact) * (buckets - exact)).long()
        return result + torch.where(distance < exact, distance, far.clamp(max=buckets - 1))

    def forward(self, x, mask, states=None):
        bias = self.bias(x.shape[1], mask)
        for block in self.block:
            x = block.layer[0](x, None, bias)
            if states is not None:
                x = block.layer[1](x, states, mask)
            x = block.layer[-1](x)
        return self.final_layer_norm(x)


class Loss(torch.autograd.Function):
    """Cross entropy over the vocabulary in slices of rows that stay in the cache: the plain form is F.cross_entropy(h @ table.T, targets)."""

    ROWS = 512

    @staticmethod
    def forward(ctx, h, table, targets):
        h, low = h.bfloat16(), table.bfloat16()
        total = 0.0
        h_gradient, table_gradient = torch.empty_like(h), torch.zeros_like(table)
        for at in range(0, len(h), Loss.ROWS):
            rows, wanted = h[at : at + Loss.ROWS], targets[at : at + Loss.ROWS, None]
            logs = torch.log_softmax((rows @ low.T).float(), -1)
            total -= logs.gather(1, wanted).sum()
            wrong = logs.exp_()
            wrong.scatter_add_(1, wanted, torch.full(wanted.shape, -1.0))
            wrong = (wrong / len(h)).bfloat16()
            h_gradient[at : at + Loss.ROWS] = wrong @ low
            table_gradient += wrong.T @ rows
        ctx.save_for_backward(h_gradient, table_gradient)
        return total / len(h)

    @staticmethod
    def backward(ctx, gradient):
        h_gradient, table_gradient = ctx.saved_tensors
        return (h_gradient * gradient).float(), table_gradient * gradient, None


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape_ = shape
        self.shared = nn.Embedding(shape.vocab, shape.width)
        nn.init.normal_(self.shared.weight, std=1.0)
        self.encoder = Stack(shape, False)
        self.decoder = Stack(shape, True)
        begin_as_copier(self.encoder, self.decoder)

    def encode(self, ids):
        mask = torch.zeros(ids.shape).masked_fill(ids == 0, -1e4)[:, None, None, :]
        return self.encoder(self.shared(ids), mask), mask

    def hidden(self, ids, states, mask):
        # The head is the embedding, and what goes in is scaled as T5 scales it for a tied one.
        return self.decoder(self.shared(ids), mask, states) * self.shape_.width**-0.5

    def decode(self, ids, states, mask):
        return F.linear(self.hidden(ids, states, mask)[:, -1], self.shared.weight)

    def forward(self, ids, targets):
        states, mask = self.encode(ids)
        begin = torch.zeros(targets.shape[0], 1, dtype=torch.long)
        h = self.hidden(torch.cat([begin, targets[:, :-1]], 1), states, mask)
        told = targets != 0
        return Loss.apply(h[told], self.shared.weight, targets[told])

    def learn_distances(self, is_learning):
        """Attention over a bias that is not learned is 2.5 times as fast on long texts (torch has no gradient for it in its fast kernel), so it is learned on short ones."""
        for stack in (self.encoder, self.decoder):
            stack.block[0].layer[0].SelfAttention.relative_attention_bias.weight.requires_grad_(is_learning)

    @torch.no_grad()
    def greedy(self, ids, most):
        states, mask = self.encode(ids)
        out = torch.zeros(ids.shape[0], 1, dtype=torch.long)
        done = torch.zeros(ids.shape[0], dtype=torch.bool)
        for _ in range(most):
            token = self.decode(out, states, mask).argmax(-1).masked_fill(done, 0)
            out = torch.cat([out, token[:, None]], 1)
            done |= token == 1
            if done.all():
                break
        return out[:, 1:]
