"""Trains a segmentation network: python train.py FOLDER -o RUN; see README.md."""

import argparse
import csv
import json
import multiprocessing
import platform
import time
from collections import deque
from pathlib import Path

import numpy as np
import torch

from data import BONES, augmented, load, mirrored_classes, split, structure_names
from network import UNet, loss

# Subjects to train on, settings, classes of the other side, which are bone: what the processes that make windows need.
TRAINED_ON = None
# Clipped, then (HU - mean) / deviation; goes into the manifest.
NORMALISATION = {"clip_hu": [-200.0, 1300.0], "mean_hu": 100.0, "deviation_hu": 250.0}


# A run that is interrupted loses no more than this, in seconds.
SAVE_EVERY = 600
# Of how many steps the weights that are judged and kept are the running mean.
MEAN_OF_STEPS = 100


def rate(step, steps, highest):
    """Learning rate: a twentieth of the way up, then down a cosine; of the step alone, so that a run can be made longer."""
    return highest * min(1.0, (step + 1) / (steps / 20)) * 0.5 * (1 + np.cos(np.pi * step / steps))


def precision(device):
    """Half precision where the machine computes in it; a processor that only imitates it takes twenty times as long."""
    fast = device.type == "cuda" or "AVX512" in torch.backends.cpu.get_cpu_capability()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def normalised(ct):
    low, high = NORMALISATION["clip_hu"]
    return (ct.clip(low, high) - NORMALISATION["mean_hu"]) / NORMALISATION["deviation_hu"]


def batch_of(step):
    """Windows of a step, normalised, and their labels. Each step has its own random numbers, so that a resumed run is the same run."""
    train, args, mirror, bones = TRAINED_ON
    random = np.random.default_rng([args.seed, step])
    windows = [augmented(train[random.integers(len(train))], args.patch, mirror, bones, random) for _ in range(args.batch)]
    return np.stack([normalised(w[0]) for w in windows])[:, None], np.stack([w[1] for w in windows]).astype(np.uint8)


def batches(first, last, workers):
    """Windows of the steps from first to last in their order, made by so many processes beside the training; 0 makes them between its steps."""
    if workers == 0:
        yield from map(batch_of, range(first, last))
        return
    # The processes see the subjects that stand in the memory of this one.
    with multiprocessing.get_context("fork").Pool(workers, torch.set_num_threads, (1,)) as pool:
        ahead, following = deque(), first
        for _ in range(first, last):
            while following < last and len(ahead) < 3 * workers:
                ahead.append(pool.apply_async(batch_of, (following,)))
                following += 1
            yield ahead.popleft().get()


def starts(length, patch):
    count = max(1, int(np.ceil((length - patch) / (patch / 2))) + 1)
    return sorted({int(s) for s in np.linspace(0, max(0, length - patch), count).round()})


@torch.no_grad()
def predicted(model, ct, patch, device):
    """Most probable class of every voxel, windows overlapping by half with Gaussian weights, as the program does."""
    model.eval()
    padded = np.pad(ct, [(0, max(0, p - n)) for n, p in zip(ct.shape, patch)], constant_values=-1024)
    x = torch.from_numpy(normalised(padded.astype(np.float32)))
    along = [torch.exp(-0.5 * ((torch.arange(p) - (p - 1) / 2) / (p / 8)) ** 2).clamp(min=0.01) for p in patch]
    weight = along[0][:, None, None] * along[1][:, None] * along[2]
    total = None
    for a in starts(padded.shape[0], patch[0]):
        for b in starts(padded.shape[1], patch[1]):
            for c in starts(padded.shape[2], patch[2]):
                part = (slice(a, a + patch[0]), slice(b, b + patch[1]), slice(c, c + patch[2]))
                with precision(device):
                    logits = model(x[part][None, None].to(device))
                said = logits.float().softmax(1)[0].cpu() * weight
                if total is None:
                    total = torch.zeros(said.shape[0], *padded.shape)
                total[(slice(None), *part)] += said
    return total.argmax(0).numpy()[tuple(slice(0, n) for n in ct.shape)]


def dice_of(prediction, truth, classes):
    """Dice by class, nan where neither holds it."""
    values = []
    for number in range(1, classes):
        a, b = prediction == number, truth == number
        values.append(2 * (a & b).sum() / (a.sum() + b.sum()) if a.any() or b.any() else np.nan)
    return np.array(values)


def write_card(path, settings, names, scores, seconds):
    """What the network is, on what it was trained and how well it does on people it has not seen."""
    lines = [
        f"# Segmentation network: {len(names)} structures at {settings['spacing']} mm",
        "",
        f"Trained with models/training/segmentation on {settings['trained_on']} subjects of {settings['sources']} sources, fold {settings['fold']} of "
        f"{settings['folds']} held out; {settings['steps']} steps, seed {settings['seed']}, {seconds / 3600:.1f} h on {settings['device']}."
        + (f" It began with the weights of {Path(settings['start']).name}, trained on other patients." if settings["start"] else ""),
        "",
        f"Evidence: {settings['evidence']}. State sources and licences of the training data here before passing it on.",
        "",
        "| structure | Dice, mean of held-out subjects | least |",
        "|---|---|---|",
    ]
    for number, name in enumerate(names):
        column = scores[:, number]
        known = column[~np.isnan(column)]
        lines.append(f"| {name} | {known.mean():.3f} | {known.min():.3f} |" if known.size else f"| {name} | not in view | |")
    Path(path).write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--spacing", type=float, default=2.0, help="voxel size in mm")
    parser.add_argument("--patch", type=int, nargs=3, default=[96, 96, 96], help="multiples of 8")
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check-every", type=int, default=1000, help="steps between evaluations on the held-out fold")
    parser.add_argument("--shuffle-labels", action="store_true", help="null test: each CT with another subject's labels")
    parser.add_argument("--without", nargs="*", default=[], help="structures that are not learnt, as patterns: '*_artery_*'")
    parser.add_argument("--evidence", default="synthetic-same-anatomy", help="tag of the figures in the card")
    parser.add_argument("--workers", type=int, default=0, help="processes that make windows beside the training")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--start", help="best.pt of a run whose weights this one begins with: other patients, the same structures")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    if any(p % 8 for p in args.patch):
        raise SystemExit("--patch: each side must be a multiple of 8")

    run = Path(args.output)
    if (run / "last.pt").exists() and not args.resume:
        raise SystemExit(f"{run} holds a run already; go on with --resume or name another folder")
    run.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(args.seed)
    names = structure_names(args.folder, args.without)
    subjects = load(args.folder, args.spacing, names, args.workers)
    if args.shuffle_labels:
        labels = [s.labels for s in subjects]
        for subject, other in zip(subjects, labels[1:] + labels[:1]):
            size = np.minimum(subject.ct.shape, other.shape)
            part = tuple(slice(0, n) for n in size)
            subject.ct, subject.labels = subject.ct[part], other[part]
    mirror = mirrored_classes(names)
    train, held = split(subjects, args.folds, args.fold)
    print(f"{len(train)} subjects to train on, {len(held)} held out, {len(names)} structures, on {device}")

    global TRAINED_ON
    TRAINED_ON = (train, args, mirror, np.array([False, *(name in BONES for name in names)]))
    model = UNet(len(names) + 1, args.channels).to(device)
    mean_model = torch.optim.swa_utils.AveragedModel(
        model, avg_fn=lambda mean, new, count: mean + (new - mean) / min(int(count) + 1, MEAN_OF_STEPS)
    )
    optimiser = torch.optim.AdamW(model.parameters(), args.rate, weight_decay=1e-4)
    step, best, spent = 0, -1.0, 0.0
    if args.start and not args.resume:
        state = torch.load(args.start, map_location=device, weights_only=False)
        if state["names"] != names:
            raise SystemExit("--start: the structures of the folder are not those of the run")
        model.load_state_dict(state["model"])
    if args.resume and (run / "last.pt").exists():
        state = torch.load(run / "last.pt", map_location=device, weights_only=False)
        if state["names"] != names:
            raise SystemExit("--resume: the structures of the folder are not those of the run")
        model.load_state_dict(state["model"])
        mean_model.load_state_dict(state["mean_model"])
        optimiser.load_state_dict(state["optimiser"])
        step, best, spent = state["step"], state["best"], state["spent"]
    settings = {
        **vars(args), "names": names, "normalisation": NORMALISATION, "trained_on": len(train),
        "sources": len({s.source for s in train}), "held_out": [s.name for s in held], "device": str(device),
        "torch": torch.__version__, "python": platform.python_version(),
    }
    (run / "settings.json").write_text(json.dumps(settings, indent=1) + "\n")
    is_new = not (run / "log.csv").exists()
    with (run / "log.csv").open("a", newline="") as file:
        log = csv.writer(file)
        if is_new:
            log.writerow(["step", "loss", "held_out_dice", "seconds"])
        begin, losses, saved = time.time() - spent, [], time.time()

        def save():
            state = {
                "model": model.state_dict(), "mean_model": mean_model.state_dict(), "optimiser": optimiser.state_dict(),
                "step": step, "best": best, "spent": time.time() - begin, "names": names,
            }
            torch.save(state, run / "last.tmp")
            (run / "last.tmp").replace(run / "last.pt")

        for ct, labels in batches(step, args.steps, args.workers):
            model.train()
            for group in optimiser.param_groups:
                group["lr"] = rate(step, args.steps, args.rate)
            ct, labels = torch.from_numpy(ct).float().to(device), torch.from_numpy(labels).to(device).long()
            with precision(device):
                logits = model(ct)
            value = loss(logits.float(), labels)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            mean_model.update_parameters(model)
            losses.append(value.item())
            step += 1
            if step % args.check_every == 0 or step == args.steps:
                scores = np.array([dice_of(predicted(mean_model.module, s.ct, args.patch, device), s.labels, len(names) + 1) for s in held])
                mean = float(np.nanmean(scores))
                seconds = time.time() - begin
                log.writerow([step, f"{np.mean(losses):.4f}", f"{mean:.4f}", f"{seconds:.0f}"])
                file.flush()
                print(f"step {step}: loss {np.mean(losses):.3f}, held-out Dice {mean:.3f}, {seconds / 60:.0f} min")
                losses = []
                if mean > best:
                    best = mean
                    dice = dict(zip(names, np.nan_to_num(np.nanmean(scores, axis=0)).tolist()))
                    torch.save({"model": mean_model.module.state_dict(), "names": names, "step": step, "dice": dice}, run / "best.pt")
                    write_card(run / "card.md", settings, names, scores, seconds)
                save()
                saved = time.time()
            elif time.time() - saved > SAVE_EVERY:
                save()
                saved = time.time()


if __name__ == "__main__":
    main()
