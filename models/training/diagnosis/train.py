"""Trains the networks of a plan: python3 train.py FOLDER [--threads N]; see README.md.

`coxa diagnose train` writes the folder and starts this. Each job of `plan.json` goes on from its last checkpoint; what is done is not done again.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import torch

from export import graph
from network import Network, augmented, known_of, loss, table

# Part of the steps in which the learning rate rises.
WARM_UP = 0.05
PARENT = os.getppid()


def put(path, write):
    """Writes a file whole or not at all."""
    beside = path.with_suffix(path.suffix + ".partial")
    with beside.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def rate(step, steps):
    """Part of the highest learning rate: up along a line, then down a cosine."""
    warm = max(1.0, WARM_UP * steps)
    # A float of Python: newer versions of PyTorch read no others back from a checkpoint.
    return float(min(1.0, (step + 1) / warm) * 0.5 * (1 + np.cos(np.pi * step / steps)))


class Job:
    """One network: the cases that it is trained on and those that it answers."""

    def __init__(self, folder, plan, images, number):
        self.folder, self.plan, self.images, self.number = folder, plan, images, number
        self.job = plan["jobs"][number]
        self.truth = table(plan["truth"][self.job["truth"]], len(plan["outputs"]))
        self.beside = table(plan["covariates"]["rows"], len(plan["covariates"]["names"]))
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.cases = np.array(self.job["training"])
        settings = plan["network"]
        self.batches = max(1, len(self.cases) // settings["batch"])
        self.steps = settings["epochs"] * self.batches
        if plan["steps"] is not None:
            self.steps = min(self.steps, plan["steps"])
        self.epochs = -(-self.steps // self.batches)

    def path(self, kind):
        return self.folder / f"{self.job['name']}.{kind}"

    def is_done(self):
        return self.path("json").exists() and (not self.job["export"] or self.path("onnx").exists())

    def batch(self, cases):
        """Images, numbers and truths of cases."""
        images = torch.from_numpy(np.stack([self.images[case] for case in cases]))
        rest = [torch.from_numpy(of[cases]).float() for of in (self.beside, self.truth)]
        return [tensor.to(self.device) for tensor in (images, *rest)]

    def start(self):
        """Network and optimiser as they begin; the same for the same seed and job."""
        torch.manual_seed((self.plan["seed"] + self.number) % 2**63)
        network = Network(self.plan, known_of(self.plan, self.images, self.truth, self.cases)).to(self.device)
        settings = self.plan["network"]
        optimiser = torch.optim.AdamW(
            network.parameters(), settings["learning_rate"], weight_decay=settings["weight_decay"]
        )
        return network, optimiser

    def epoch(self, network, optimiser, epoch):
        """One pass over the training cases, or a part of one where the steps end; the mean loss."""
        # Each epoch has its own random numbers, so that a run that was interrupted is the same run.
        random = np.random.default_rng([self.plan["seed"], self.number, epoch])
        network.train()
        losses = []
        for place, cases in enumerate(np.array_split(random.permutation(self.cases), self.batches)):
            step = epoch * self.batches + place
            if step == self.steps:
                break
            if os.getppid() != PARENT:
                raise SystemExit("the program that started the training ended")
            for group in optimiser.param_groups:
                group["lr"] = self.plan["network"]["learning_rate"] * rate(step, self.steps)
            images, numbers, truth = self.batch(cases)
            images = augmented(images, self.plan["network"]["augmentation"], network.pixel_deviation, random)
            value = loss(network, network(images, numbers), truth)
            if not torch.is_tensor(value):
                continue
            if not torch.isfinite(value):
                raise SystemExit("the loss is no number any more; take a smaller learning_rate")
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            losses.append(value.item())
        return float(np.mean(losses)) if losses else 0.0

    @torch.no_grad()
    def settle(self, network):
        """Means and variances of the features over the training images as they are, for a network that is no more trained."""
        layers = [layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
        for layer in layers:
            layer.reset_running_stats()
            layer.momentum = None
        network.train()
        for cases in np.array_split(self.cases, self.batches):
            images, numbers, _ = self.batch(cases)
            network(images, numbers)
        network.eval()

    @torch.no_grad()
    def answers(self, network):
        """Each output for each case of the test, as lists."""
        network.eval()
        found = [[] for _ in self.plan["outputs"]]
        for case in self.job["test"]:
            images, numbers, _ = self.batch(np.array([case]))
            for of, answer in zip(found, network.in_units(network(images, numbers))):
                of.append(answer[0].tolist())
        return {output["id"]: of for output, of in zip(self.plan["outputs"], found)}

    def run(self):
        """Trains, from the last checkpoint where there is one, and writes answers and graph."""
        network, optimiser = self.start()
        done, log = 0, []
        if self.path("pt").exists():
            state = torch.load(self.path("pt"), map_location=self.device)
            network.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            done, log = state["done"], state["log"]
        for epoch in range(done, self.epochs):
            mean = self.epoch(network, optimiser, epoch)
            log.append(mean)
            state = {
                "network": network.state_dict(), "optimiser": optimiser.state_dict(), "done": epoch + 1, "log": log,
            }
            put(self.path("pt"), lambda file: torch.save(state, file))
            lines = "epoch,loss\n" + "".join(f"{at + 1},{value:.6f}\n" for at, value in enumerate(log))
            put(self.path("csv"), lambda file: file.write(lines.encode()))
            self.tell(epoch + 1, mean)
        self.settle(network)
        if self.job["export"]:
            put(self.path("onnx"), lambda file: file.write(graph(network, self.plan)))
        found = {"outputs": self.answers(network), "device": str(self.device), "torch": torch.__version__}
        # The last file: whoever finds it finds the others too.
        put(self.path("json"), lambda file: file.write(json.dumps(found).encode()))

    def tell(self, epoch, value):
        line = {"job": self.number, "epoch": epoch, "epochs": self.epochs, "loss": value}
        print(json.dumps(line), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    if hasattr(os, "nice"):
        os.nice(5)
    torch.set_num_threads(args.threads)
    # Sums in an order that does not change from run to run; what has none on a GPU says so.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    # Numbers of full precision, as those of the program that runs the graphs.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    plan = json.loads((args.folder / "plan.json").read_text())
    images = np.load(args.folder / "images.npy", mmap_mode="r")
    for number in range(len(plan["jobs"])):
        job = Job(args.folder, plan, images, number)
        if job.is_done():
            job.tell(job.epochs, None)
        else:
            job.run()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
