"""A 3D U-Net with channel dropout, small enough for a CPU."""

import torch
from torch import nn


class Block(nn.Sequential):
    def __init__(self, inputs, outputs, dropout):
        def half(a, b):
            return [nn.Conv3d(a, b, 3, padding=1, bias=False), nn.InstanceNorm3d(b, affine=True), nn.LeakyReLU(0.01)]

        super().__init__(*half(inputs, outputs), nn.Dropout3d(dropout), *half(outputs, outputs))


class UNet(nn.Module):
    def __init__(self, classes, channels=16, levels=4, dropout=0.1):
        super().__init__()
        widths = [channels * 2**level for level in range(levels)]
        self.down = nn.ModuleList(Block(a, b, dropout) for a, b in zip([1, *widths], widths))
        self.pool = nn.MaxPool3d(2)
        self.raise_ = nn.ModuleList(nn.ConvTranspose3d(b, a, 2, 2) for a, b in zip(widths, widths[1:]))
        self.up = nn.ModuleList(Block(2 * a, a, dropout) for a in widths[:-1])
        self.out = nn.Conv3d(widths[0], classes, 1)

    def forward(self, x):
        seen = []
        for level, block in enumerate(self.down):
            x = block(x if level == 0 else self.pool(x))
            seen.append(x)
        for level in reversed(range(len(self.up))):
            x = self.up[level](torch.cat([seen[level], self.raise_[level](x)], 1))
        return self.out(x)


def loss(logits, labels):
    """Cross-entropy plus soft Dice of the structures in view."""
    cross = nn.functional.cross_entropy(logits, labels)
    probabilities = logits.float().softmax(1)
    truth = nn.functional.one_hot(labels, logits.shape[1]).movedim(-1, 1).float()
    axes = (0, 2, 3, 4)
    both, sizes = (probabilities * truth).sum(axes), (probabilities + truth).sum(axes)
    in_view = truth.sum(axes)[1:] > 0
    dice = (2 * both[1:] + 1) / (sizes[1:] + 1)
    return cross + (1 - dice[in_view].mean() if in_view.any() else 0.0)
