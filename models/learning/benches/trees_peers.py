"""Times scikit-learn and LightGBM on the table of the benchmark `trees`, with the same folds and settings.

    cargo bench -p coxa-learning --bench trees -- FOLDER
    python models/learning/benches/trees_peers.py FOLDER

Needs scikit-learn and LightGBM. One thread each; times are of the wall clock and of the processor.
"""

import sys
import time
from pathlib import Path

import lightgbm
import numpy
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score

ROWS, COLUMNS, FOLDS = 100_000, 100, 5


def folds():
    place = numpy.arange(ROWS) % FOLDS
    return [(place != fold, place == fold) for fold in range(FOLDS)]


def start():
    return time.perf_counter(), time.process_time()


def since(clock):
    wall, processor = start()
    return f"{wall - clock[0]:.1f} s, processor {processor - clock[1]:.1f} s"


def boosting(name, make, x, y):
    clock, found = start(), numpy.zeros(ROWS)
    for train, test in folds():
        found[test] = make().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    print(f"{name}: {since(clock)}, AUC {roc_auc_score(y, found):.4f}", flush=True)


def main():
    values = numpy.fromfile(Path(sys.argv[1]) / "table.f64")
    x = numpy.asfortranarray(values[: ROWS * COLUMNS].reshape(COLUMNS, ROWS).T)
    y = values[ROWS * COLUMNS :].astype(int)
    common = dict(max_depth=6, learning_rate=0.1)
    lgb = lambda: lightgbm.LGBMClassifier(
        n_estimators=100, num_leaves=64, reg_lambda=1.0, max_bin=255, verbose=-1, n_jobs=1, **common
    )
    skl = lambda: HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=64, l2_regularization=1.0, early_stopping=False, **common
    )
    boosting(f"LightGBM {lightgbm.__version__}", lgb, x, y)
    boosting(f"scikit-learn {sklearn.__version__}", skl, x, y)
    train, test = folds()[0]
    clock = start()
    forest = RandomForestClassifier(100, min_samples_leaf=5, max_features="sqrt", n_jobs=1, random_state=1)
    found = forest.fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    print(f"scikit-learn, forest of 100 trees, one fold: {since(clock)}, AUC {roc_auc_score(y[test], found):.4f}")


main()
