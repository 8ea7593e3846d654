"""Exports a run for `coxa segment --network`: python export.py RUN -o FOLDER [--samples N]; see README.md."""

import argparse
import hashlib
import json
from pathlib import Path

import torch

from network import UNet


class GivenDropout(torch.nn.Module):
    """Channel dropout whose mask is given, so that one graph holds all Monte-Carlo samples of the network."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels
        self.mask = None

    def forward(self, x):
        return x * self.mask


class WithMasks(torch.nn.Module):
    """A network whose second input holds the masks of its dropouts, one after another.

    Without those of the finest blocks: each of their few channels carries the whole image, and a sample that lacks one is no
    network that was trained.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.dropouts = []
        for block in [*model.down[1:], *model.up[1:]]:
            for place, layer in enumerate(block):
                if isinstance(layer, torch.nn.Dropout3d):
                    block[place] = GivenDropout(block[place - 3].out_channels)
                    self.dropouts.append(block[place])
        self.channels = sum(dropout.channels for dropout in self.dropouts)

    def forward(self, ct, masks):
        begin = 0
        for dropout in self.dropouts:
            dropout.mask = masks[:, begin : begin + dropout.channels].view(1, -1, 1, 1, 1)
            begin += dropout.channels
        return self.model(ct)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--samples", type=int, default=1, help="1: dropout off; more: so many masks of Monte-Carlo dropout")
    parser.add_argument("--overlap", type=float, default=0.5)
    parser.add_argument("--patch", type=int, nargs=3, help="window to run it on, in voxels, multiples of 8 [default: that of training]")
    parser.add_argument("--least-dice", type=float, default=0.0, help="structures below this Dice on the held-out fold, as the mean of both sides, go unused")
    args = parser.parse_args()
    # The network halves its window three times.
    if any(n < 8 or n % 8 for n in args.patch or []):
        parser.error("--patch: give multiples of 8")
    run, folder = Path(args.run), Path(args.output)
    settings = json.loads((run / "settings.json").read_text())
    best = torch.load(run / "best.pt", map_location="cpu", weights_only=True)
    patch = args.patch or settings["patch"]
    folder.mkdir(parents=True, exist_ok=True)
    model = UNet(len(best["names"]) + 1, settings["channels"])
    model.load_state_dict(best["model"])
    rate = next(layer.p for layer in model.down[0] if isinstance(layer, torch.nn.Dropout3d))
    example, inputs, dropout = [torch.zeros(1, 1, *patch)], ["ct"], []
    if args.samples > 1:
        model = WithMasks(model)
        example.append(torch.ones(1, model.channels))
        inputs.append("masks")
        dropout = ["[dropout]", f"channels = {model.channels}", f"rate = {rate}", f"samples = {args.samples}", f"seed = {settings['seed']}", ""]
    model.eval()
    path = folder / "network.onnx"
    torch.onnx.export(
        model, tuple(example), str(path), input_names=inputs, output_names=["logits"], opset_version=17, dynamo=False,
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    # A network must know the same of both sides.
    both = lambda name: [name.replace("_left", side).replace("_right", side) for side in ("_left", "_right")]
    learnt = {name for name in best["names"] if sum(best["dice"].get(n, 0.0) for n in both(name)) / 2 >= args.least_dice}
    spacing, normalisation = settings["spacing"], settings["normalisation"]
    lines = [
        "format = 1", f'name = "U-Net at {spacing} mm, step {best["step"]}"', "",
        "[[graph]]", f'file = "{path.name}"', f'sha256 = "{digest}"', "",
        "[input]", 'orientation = "SAR"', f"spacing_mm = [{spacing}, {spacing}, {spacing}]",
        f"patch = {patch}", f"overlap = {args.overlap}", "",
        "[normalisation]", *(f"{key} = {value}" for key, value in normalisation.items()), "", *dropout, "[labels]",
        *(f'{number} = "{name if name in learnt else "other"}"' for number, name in enumerate(best["names"], 1)),
    ]
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n")
    print(folder / "manifest.toml")


if __name__ == "__main__":
    main()
