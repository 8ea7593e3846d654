"""A small residual network for one image and a few numbers, its losses, and what is done to images in training."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def convolution(inputs, outputs, size, stride):
    """A convolution with the normalisation that `export.py` folds into it."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False), nn.BatchNorm2d(outputs)
    )


class Block(nn.Module):
    """Two convolutions beside the way past them (He 2016)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = convolution(outputs, outputs, 3, 1)
        self.past = convolution(inputs, outputs, 1, stride) if (inputs, stride) != (outputs, 1) else None

    def forward(self, x):
        past = x if self.past is None else self.past(x)
        return functional.relu(self.second(functional.relu(self.first(x))) + past)


class Network(nn.Module):
    """For each output of the plan logits, or a number in its unit.

    The last features pass a convolution of one pixel that gives activation maps; an output is the mean of its maps, a constant and a
    linear function of the numbers beside the image. So the maps say where in the image the answer comes from, exactly.
    What is learnt of the training cases for that (means, deviations, medians) is a part of the network.
    """

    def __init__(self, plan, known):
        super().__init__()
        settings = plan["network"]
        width, blocks = settings["width"], settings["blocks"]
        widths = [width * min(2**block, 8) for block in range(blocks)]
        self.stem = convolution(plan["image"]["channels"], width, 3, 2)
        steps = zip([width, *widths], widths, [1] + [2] * (blocks - 1))
        self.blocks = nn.ModuleList(Block(inputs, outputs, stride) for inputs, outputs, stride in steps)
        self.outputs = plan["outputs"]
        self.heads = nn.ModuleList(nn.Conv2d(widths[-1], output["size"], 1, bias=False) for output in self.outputs)
        self.constants = nn.ParameterList(nn.Parameter(torch.zeros(output["size"])) for output in self.outputs)
        self.numbers = len(plan["covariates"]["names"])
        # The value of each number, then whether it is missing.
        self.linear = nn.ParameterList(
            nn.Parameter(torch.zeros(2 * self.numbers, output["size"])) for output in self.outputs
        )
        for name, value in known.items():
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))

    def forward(self, image, numbers):
        """Outputs by their order: batch x size, standardised where they are numbers."""
        x = functional.relu(self.stem((image - self.pixel_mean) / self.pixel_deviation))
        for block in self.blocks:
            x = block(x)
        missing = torch.isnan(numbers)
        filled = torch.where(missing, self.median, numbers)
        beside = torch.cat([(filled - self.mean) / self.deviation, missing.float() * self.may_miss], 1)
        heads = zip(self.heads, self.constants, self.linear)
        return [head(x).mean((2, 3)) + constant + beside @ linear for head, constant, linear in heads]

    def in_units(self, answers):
        """Outputs as they are said: numbers in their unit."""
        of = zip(self.outputs, answers, self.truth_mean, self.truth_deviation)
        return [a * deviation + mean if o["kind"] == "number" else a for o, a, mean, deviation in of]


def known_of(plan, images, truth, cases):
    """What the training cases say before training: of pixels, numbers and truths."""
    means, squares = [], []
    for case in cases:
        pixels = images[case].astype(np.float64)
        means.append(pixels.mean((1, 2)))
        squares.append((pixels**2).mean((1, 2)))
    pixel_mean = np.mean(means, 0)
    pixel_deviation = np.sqrt(np.maximum(np.mean(squares, 0) - pixel_mean**2, 1e-12))
    beside = table(plan["covariates"]["rows"], len(plan["covariates"]["names"]))[cases]
    median = np.array([np.median(c[~np.isnan(c)]) if (~np.isnan(c)).any() else 0.0 for c in beside.T])
    filled = np.where(np.isnan(beside), median, beside)
    numbers = [truth[cases, at][~np.isnan(truth[cases, at])] for at in range(truth.shape[1])]
    is_number = [output["kind"] == "number" for output in plan["outputs"]]
    return {
        "pixel_mean": pixel_mean.reshape(-1, 1, 1),
        "pixel_deviation": pixel_deviation.reshape(-1, 1, 1),
        "median": median,
        "mean": filled.mean(0) if len(median) else median,
        "deviation": np.where(filled.std(0) > 0, filled.std(0), 1.0) if len(median) else median,
        "may_miss": np.array(plan["covariates"]["may_miss"], float),
        "truth_mean": [n.mean() if is_it else 0.0 for n, is_it in zip(numbers, is_number)],
        "truth_deviation": [n.std() if is_it and n.std() > 0 else 1.0 for n, is_it in zip(numbers, is_number)],
    }


def table(rows, columns):
    """Rows of JSON as an array; null is NaN."""
    return np.array([[np.nan if value is None else value for value in row] for row in rows], float).reshape(len(rows), columns)


def loss(network, answers, truth):
    """Mean over outputs of the mean over the cases whose truth is known: binary and other cross-entropy, of numbers Huber's of standardised ones."""
    total = 0.0
    for at, (output, answer) in enumerate(zip(network.outputs, answers)):
        known = ~torch.isnan(truth[:, at])
        if not known.any():
            continue
        said, true = answer[known], truth[known, at]
        if output["kind"] == "number":
            true = (true - network.truth_mean[at]) / network.truth_deviation[at]
            total = total + functional.smooth_l1_loss(said[:, 0], true)
        elif output["kind"] == "binary":
            total = total + functional.binary_cross_entropy_with_logits(said[:, 0], true)
        else:
            total = total + functional.cross_entropy(said, true.long())
    return total / len(answers)


def augmented(images, how, deviation, random):
    """A batch mirrored, turned, shifted, of other contrast and noisier; `random` is a generator of numpy."""
    count, _, rows, columns = images.shape
    if how["flip"]:
        mirrored = torch.from_numpy(random.random(count) < 0.5).to(images.device)
        images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
    if how["rotation_deg"] > 0 or how["shift"] > 0:
        angle = np.radians(random.uniform(-1, 1, count) * how["rotation_deg"])
        x, y = random.uniform(-2, 2, (2, count)) * how["shift"]
        cosine, sine = np.cos(angle), np.sin(angle)
        # Places are parts of half the side, so that a turn of an oblong image takes its sides into account.
        turn = [[cosine, -sine * rows / columns, x], [sine * columns / rows, cosine, y]]
        turn = torch.from_numpy(np.moveaxis(np.array(turn), 2, 0)).float().to(images.device)
        grid = functional.affine_grid(turn, images.shape, align_corners=False)
        images = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    if how["contrast"] > 0:
        factor = torch.from_numpy(1 + random.uniform(-1, 1, (count, 1, 1, 1)) * how["contrast"]).float().to(images.device)
        mean = images.mean((2, 3), keepdim=True)
        images = mean + (images - mean) * factor
    if how["noise"] > 0:
        amount = random.uniform(0, how["noise"], (count, 1, 1, 1)).astype(np.float32)
        noise = random.standard_normal(tuple(images.shape), np.float32) * amount
        images = images + torch.from_numpy(noise).to(images.device) * deviation
    return images
