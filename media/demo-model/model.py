"""A Llama: RMSNorm, rotary attention, SwiGLU, tied embeddings. Names of weights are those of GGUF."""

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.attn_q = nn.Linear(width, width, bias=False)
        self.attn_k = nn.Linear(width, width, bias=False)
        self.attn_v = nn.Linear(width, width, bias=False)
        self.attn_output = nn.Linear(width, width, bias=False)

    def forward(self, x, turn):
        batch, length, width = x.shape
        split = lambda y: y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        q, k, v = rotate(split(self.attn_q(x)), turn), rotate(split(self.attn_k(x)), turn), split(self.attn_v(x))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.attn_output(mixed.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, width, heads, feed_forward, dropout):
        super().__init__()
        self.attn_norm = nn.RMSNorm(width, eps=1e-5)
        self.attention = Attention(width, heads)
        self.ffn_norm = nn.RMSNorm(width, eps=1e-5)
        self.ffn_gate = nn.Linear(width, feed_forward, bias=False)
        self.ffn_up = nn.Linear(width, feed_forward, bias=False)
        self.ffn_down = nn.Linear(feed_forward, width, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, turn):
        x = x + self.dropout(self.attention(self.attn_norm(x), turn))
        y = self.ffn_norm(x)
        return x + self.dropout(self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y)))


class Llama(nn.Module):
    def __init__(self, vocabulary, width, layers, heads, feed_forward, dropout=0.0):
        super().__init__()
        self.shape = dict(
            vocabulary=vocabulary, width=width, layers=layers, heads=heads, feedForward=feed_forward
        )
        self.token_embd = nn.Embedding(vocabulary, width)
        self.blk = nn.ModuleList(Block(width, heads, feed_forward, dropout) for _ in range(layers))
        self.output_norm = nn.RMSNorm(width, eps=1e-5)
        self.dropout = nn.Dropout(dropout)
        for weight in self.parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02 if weight is self.token_embd.weight else width**-0.5)
        for block in self.blk:
            block.attention.attn_output.weight.data *= (2 * layers) ** -0.5
            block.ffn_down.weight.data *= (2 * layers) ** -0.5

    def forward(self, ids):
        """The normed state after the last layer; `logits` of it is kept apart, as only answers need them."""
        head = self.shape["width"] // self.shape["heads"]
        angles = torch.outer(torch.arange(ids.shape[1]), 10000 ** -(torch.arange(0, head, 2) / head))
        turn = angles.cos(), angles.sin()
        x = self.dropout(self.token_embd(ids))
        for block in self.blk:
            x = block(x, turn)
        return self.output_norm(x)

    def logits(self, state):
        return state @ self.token_embd.weight.T


def rotate(x, turn):
    """Turns the pairs (0, 1), (2, 3), … of each head: llama.cpp's own layout, so that export needs no permutation."""
    cos, sin = turn
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)
