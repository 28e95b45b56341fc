"""The trees of scikit-learn and xgboost on a table that bench/trees.ts wrote.

Debian: apt-get install python3-sklearn python3-xgboost libopenblas0-pthread
Reads lines of JSON {peer, folder, rows, columns, task, threads} from stdin, fits once for each, and answers a line
{fitMs, score}: R2 or log-loss on the rows behind. OMP_NUM_THREADS must be the threads of all questions.
"""
import json
import os
import sys
import time

import numpy as np
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss, r2_score

tables = {}


def table(folder, columns):
    if folder not in tables:
        X = np.fromfile(os.path.join(folder, "X.f64")).reshape(-1, columns).astype(np.float32)
        tables[folder] = X, np.fromfile(os.path.join(folder, "y.f64"))
    return tables[folder]


def model(peer, task, threads):
    regression = task == "regression"
    if peer == "scikit-learn":
        kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
        return kind(max_iter=100, max_leaf_nodes=31, learning_rate=0.1, min_samples_leaf=20, early_stopping=False)
    kind = xgboost.XGBRegressor if regression else xgboost.XGBClassifier
    return kind(
        n_estimators=100, max_leaves=31, grow_policy="lossguide", max_depth=0, learning_rate=0.1, tree_method="hist",
        n_jobs=threads, max_bin=256, reg_lambda=0, min_child_weight=20 if regression else 1e-3,
    )


for line in sys.stdin:
    ask = json.loads(line)
    X, y = table(ask["folder"], ask["columns"])
    n = ask["rows"]
    began = time.perf_counter()
    fitted = model(ask["peer"], ask["task"], ask["threads"]).fit(X[:n], y[:n])
    fit_ms = (time.perf_counter() - began) * 1000
    if ask["task"] == "regression":
        score = r2_score(y[n:], fitted.predict(X[n:]))
    else:
        score = log_loss(y[n:], fitted.predict_proba(X[n:])[:, 1].astype(float))
    print(json.dumps({"fitMs": fit_ms, "score": score}), flush=True)
