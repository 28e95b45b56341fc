"""Fits one of scikit-learn's estimators once for each line of its input, and answers {"ms", "loss", "note"} a line.

Debian: apt-get install python3-sklearn libopenblas0-pthread; others: pip install scikit-learn.
python3 bench/peers/sklearn_fit.py QUESTION FOLDER, where FOLDER holds table.json, x.f64 and y.f64 (bench/learning/peer.ts).
"""
import json
import os
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPRegressor

warnings.filterwarnings('ignore')  # one epoch at a time: it warns that it has not converged
question, folder = sys.argv[1:]
with open(os.path.join(folder, 'table.json')) as file:
    table = json.load(file)
y = np.fromfile(os.path.join(folder, 'y.f64'))
X = np.fromfile(os.path.join(folder, 'x.f64')).reshape(len(y), -1)


def linear():
    fit = LinearRegression().fit(X, y)
    return lambda: (float(np.mean((fit.predict(X) - y) ** 2) / 2), '')


def logistic():
    # Its default tolerance stops it short of the optimum; max_iter is not what ends it.
    fit = LogisticRegression(max_iter=1000).fit(X, y)
    return lambda: (float(log_loss(y, fit.predict_proba(X))), f'{fit.n_iter_.max()} iterations')


net = MLPRegressor(**table.get('net', {}), warm_start=True, max_iter=1, random_state=0)
X32, y32 = (X.astype('f4'), y.astype('f4')) if question == 'mlp' else (None, None)


def mlp():
    net.fit(X32, y32)
    return lambda: (float(net.loss_), '')


print(json.dumps({'version': sklearn.__version__}), flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    judge = {'linear': linear, 'logistic': logistic, 'mlp': mlp}[question]()
    ms = (time.perf_counter() - began) * 1000
    loss, note = judge()
    print(json.dumps({'ms': ms, 'loss': loss, 'note': note}), flush=True)
