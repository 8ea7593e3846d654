"""Exports a run for `coxa segment --network`: python export.py RUN -o FOLDER [--samples N]; see README.md."""

import argparse
import hashlib
import json
from pathlib import Path

import torch

from network import UNet


class FixedDropout(torch.nn.Module):
    """Channel dropout whose mask is drawn once: a graph with it is one Monte-Carlo sample of the network."""

    def __init__(self, channels, rate, generator):
        super().__init__()
        mask = (torch.rand(channels, generator=generator) >= rate).float() / (1 - rate)
        self.register_buffer("mask", mask.view(1, -1, 1, 1, 1))

    def forward(self, x):
        return x * self.mask


def with_fixed_dropout(model, generator):
    """Replaces each dropout by one whose mask does not change."""
    for block in [*model.down, *model.up]:
        for place, layer in enumerate(block):
            if isinstance(layer, torch.nn.Dropout3d):
                channels = block[place - 3].out_channels
                block[place] = FixedDropout(channels, layer.p, generator)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--samples", type=int, default=1, help="1: dropout off; more: that many Monte-Carlo samples")
    parser.add_argument("--overlap", type=float, default=0.5)
    args = parser.parse_args()
    run, folder = Path(args.run), Path(args.output)
    settings = json.loads((run / "settings.json").read_text())
    best = torch.load(run / "best.pt", map_location="cpu", weights_only=True)
    folder.mkdir(parents=True, exist_ok=True)
    graphs = []
    for sample in range(args.samples):
        model = UNet(len(best["names"]) + 1, settings["channels"])
        model.load_state_dict(best["model"])
        if args.samples > 1:
            with_fixed_dropout(model, torch.Generator().manual_seed(settings["seed"] + sample))
        model.eval()
        path = folder / f"sample_{sample}.onnx"
        torch.onnx.export(
            model, torch.zeros(1, 1, *settings["patch"]), str(path), input_names=["ct"], output_names=["logits"],
            opset_version=17, dynamo=False,
        )
        graphs.append((path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
    spacing, normalisation = settings["spacing"], settings["normalisation"]
    lines = ["format = 1", f'name = "U-Net at {spacing} mm, step {best["step"]}"', ""]
    for name, digest in graphs:
        lines += ["[[graph]]", f'file = "{name}"', f'sha256 = "{digest}"', ""]
    lines += [
        "[input]", 'orientation = "SAR"', f"spacing_mm = [{spacing}, {spacing}, {spacing}]",
        f"patch = {settings['patch']}", f"overlap = {args.overlap}", "",
        "[normalisation]", *(f"{key} = {value}" for key, value in normalisation.items()), "", "[labels]",
        *(f'{number} = "{name}"' for number, name in enumerate(best["names"], 1)),
    ]
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n")
    print(folder / "manifest.toml")


if __name__ == "__main__":
    main()
