"""xgboost's path-dependent contributions of rows, for bench/explain-trees.ts.

Debian: apt-get install python3-xgboost
Called with a folder that has X.f64 and y.f64, columns, and rows to explain. Fits 100 trees of 31 leaves, writes them to
trees.json and the contributions to contributions.f32, says its version, and answers each line with the milliseconds of
another prediction of them on one thread.
"""
import json
import os
import sys
import time

import numpy as np
import xgboost

folder, columns, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
X = np.fromfile(os.path.join(folder, 'X.f64')).reshape(-1, columns).astype(np.float32)
y = np.fromfile(os.path.join(folder, 'y.f64'))
fitted = xgboost.train(
    {
        'objective': 'reg:squarederror', 'eta': 0.1, 'max_leaves': 31, 'grow_policy': 'lossguide', 'max_depth': 0,
        'tree_method': 'hist', 'nthread': 1, 'min_child_weight': 20,
    },
    xgboost.DMatrix(X[rows:], y[rows:]),
    100,
)
learner = json.loads(fitted.save_raw('json').decode())['learner']
trees = [
    {
        'left': tree['left_children'], 'right': tree['right_children'], 'feature': tree['split_indices'],
        'condition': tree['split_conditions'], 'missingLeft': [int(value) for value in tree['default_left']],
        'cover': tree['sum_hessian'],
    }
    for tree in learner['gradient_booster']['model']['trees']
]
with open(os.path.join(folder, 'trees.json'), 'w') as file:
    json.dump(trees, file)
asked = xgboost.DMatrix(X[:rows])
fitted.predict(asked, pred_contribs=True).astype(np.float32).tofile(os.path.join(folder, 'contributions.f32'))
print(xgboost.__version__, flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    fitted.predict(asked, pred_contribs=True)
    print((time.perf_counter() - began) * 1000, flush=True)
