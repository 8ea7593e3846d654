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
    logs = logits.flatten(2).log_softmax(1)
    truth = labels.flatten(1)[:, None]
    said = logs.gather(1, truth)
    classes = logits.shape[1]
    counts = torch.bincount(truth.flatten(), minlength=classes).float()
    # What was said of the true class, summed by class: one number a voxel instead of one for each class of it.
    both = torch.zeros(classes, device=logits.device).index_add(0, truth.flatten(), said.exp().flatten())
    sizes = logs.exp().sum((0, 2)) + counts
    in_view = counts[1:] > 0
    dice = (2 * both[1:] + 1) / (sizes[1:] + 1)
    return -said.mean() + (1 - dice[in_view].mean() if in_view.any() else 0.0)
