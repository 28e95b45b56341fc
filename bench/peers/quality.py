"""Tables, and what scikit-learn answers on their test rows: `quality.py FOLDER DATA`, then a table's name a line.

Debian: apt install python3-sklearn python3-pandas. For each name it writes FOLDER/NAME.train.csv, NAME.test.csv and
NAME.json: task, target, classes, the truth of the test rows, and for each model its answers there and its time to fit.
DATA holds the tables of test/fixtures/data; scikit-learn brings five more; the others are made here, each with another
character. Preprocessing is what test/fixtures/data/reference.json tells: median and standardise, one-hot, dates in parts,
TF-IDF of words and pairs; trees take numbers as they are and categories as such.
"""
import json
import os
import sys
import time
import warnings

# Threads that wait for each other on a busy machine take a hundred times as long as one that does not.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import pandas as pd
import sklearn
from sklearn import datasets
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

warnings.filterwarnings("ignore")
folder, data = sys.argv[1:3]
seed = 20261123


def ruled(name, target, task, dates=(), drop=(), text=()):
    parts = [pd.read_csv(f"{data}/{name}.{side}.csv", keep_default_na=True) for side in ("train", "test")]
    return dict(train=parts[0], test=parts[1], target=target, task=task, dates=dates, drop=drop, text=text)


def halves(frame, target, task, share=0.3, **rest):
    order = np.random.RandomState(seed).permutation(len(frame))
    cut = int(len(frame) * share)
    test, train = np.sort(order[:cut]), np.sort(order[cut:])
    more = dict(dict(dates=(), drop=(), text=()), **rest)
    return dict(train=frame.iloc[train].reset_index(drop=True), test=frame.iloc[test].reset_index(drop=True),
                target=target, task=task, **more)


def bundled(name, task):
    loaded = getattr(datasets, f"load_{name}")()
    frame = pd.DataFrame(loaded.data, columns=[f"x{k}" for k in range(loaded.data.shape[1])])
    frame["target"] = loaded.target if task == "regression" else [f"class {k}" for k in loaded.target]
    return halves(frame, "target", task)


def visits():
    """Numbers that hang on season, weekday, two categories and a trend; an eighth of the cells are missing."""
    r = np.random.RandomState(1)
    n = 3000
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(r.randint(0, 1095, n), unit="D")
    day = pd.Series(day)
    town = r.choice([f"town {k}" for k in range(40)], n, p=np.arange(1, 41) / 820)
    kind = r.choice(["small", "medium", "large"], n)
    rain = r.gamma(2, 3, n)
    staff = r.poisson(5, n).astype(float)
    effect = {f"town {k}": v for k, v in enumerate(r.normal(0, 8, 40))}
    y = (50 + 15 * np.sin(2 * np.pi * day.dt.dayofyear / 365.25) + 12 * (day.dt.weekday >= 5)
         + pd.Series(town).map(effect) + pd.Series(kind).map({"small": -10, "medium": 0, "large": 14})
         - 0.8 * rain + 2 * staff + 0.01 * (day - day.min()).dt.days + r.normal(0, 6, n))
    frame = pd.DataFrame(dict(day=day.dt.strftime("%Y-%m-%d"), town=town, kind=kind, rain=rain.round(1), staff=staff, visits=y.round(1)))
    for column in ("town", "kind", "rain", "staff"):
        frame.loc[r.rand(n) < 0.125, column] = np.nan
    return halves(frame, "visits", "regression", dates=("day",))


def reviews():
    """Two classes by words and two numbers; 2,000 words by Zipf's law, a tenth of them tell."""
    r = np.random.RandomState(2)
    n, words = 3000, 2000
    weights = 1 / np.arange(5, words + 5)
    tone = np.where(r.rand(words) < 0.1, r.normal(0, 1.0, words), 0)
    texts, sums = [], []
    for _ in range(n):
        picked = r.choice(words, r.randint(5, 40), p=weights / weights.sum())
        texts.append(" ".join(f"w{k}" for k in picked))
        sums.append(tone[picked].sum())
    price, stars = r.lognormal(3, 1, n), r.normal(0, 1, n)
    margin = np.array(sums) * 1.2 + 1.0 * stars - 0.4 * np.log(price / 20) + r.logistic(0, 0.7, n)
    frame = pd.DataFrame(dict(review=texts, price=price.round(2), stars=stars.round(2), good=np.where(margin > 0, "yes", "no")))
    return halves(frame, "good", "binary", text=("review",))


def dozen():
    """Twelve clusters of unlike size, two to a class where they are small, in 16 numbers."""
    made = datasets.make_classification(4000, 16, n_informative=10, n_redundant=2, n_classes=12, n_clusters_per_class=2,
                                        class_sep=1.6, flip_y=0.02, weights=np.arange(1, 13) / 78, random_state=3)
    frame = pd.DataFrame(made[0].round(4), columns=[f"x{k}" for k in range(16)])
    frame["kind"] = [f"kind {k}" for k in made[1]]
    return halves(frame, "kind", "multiclass")


def heavy():
    """A target with a tail of its own on features over decades; some rows are far out."""
    r = np.random.RandomState(4)
    n = 2500
    a, b, c, d = (r.lognormal(0, s, n) for s in (1, 1.5, 2, 1))
    e = r.standard_t(2, n)
    y = 3 * np.log1p(a) + 2 * np.log1p(b) * (d > 1) + np.tanh(e) + 0.5 * np.sqrt(np.minimum(c, 50)) + r.standard_t(3, n)
    frame = pd.DataFrame(dict(a=a, b=b, c=c, d=d, e=e, f=r.lognormal(0, 2, n), y=y)).round(4)
    return halves(frame, "y", "regression")


def xor():
    """The sign of a product, beside six columns of noise."""
    r = np.random.RandomState(5)
    n = 2000
    x = r.uniform(-1, 1, (n, 8))
    flip = r.rand(n) < 0.05
    frame = pd.DataFrame(x.round(4), columns=[f"x{k}" for k in range(8)])
    frame["side"] = np.where((x[:, 0] * x[:, 1] > 0) ^ flip, "same", "other")
    return halves(frame, "side", "binary")


def wide():
    """200 rows of 1,000 columns, ten of which tell; as many test rows again."""
    r = np.random.RandomState(6)
    x = r.normal(0, 1, (400, 1000))
    frame = pd.DataFrame(x.round(4), columns=[f"x{k}" for k in range(1000)])
    frame["y"] = (x[:, :10] @ r.uniform(0.5, 1.5, 10) + r.normal(0, 1, 400)).round(4)
    return halves(frame, "y", "regression", share=0.5)


tables = {
    "penguins": lambda: ruled("penguins", "species", "multiclass"),
    "cars": lambda: ruled("cars", "Miles_per_Gallon", "regression", dates=("Year",), drop=("Name",)),
    "lending_club": lambda: ruled("lending_club", "Class", "binary"),
    "diabetes": lambda: bundled("diabetes", "regression"),
    "breast_cancer": lambda: bundled("breast_cancer", "binary"),
    "iris": lambda: bundled("iris", "multiclass"),
    "wine": lambda: bundled("wine", "multiclass"),
    "digits": lambda: bundled("digits", "multiclass"),
    "visits": visits, "reviews": reviews, "dozen": dozen, "heavy": heavy, "xor": xor, "wide": wide,
}


def dated(frame):
    parts = {}
    for name in frame.columns:
        day = pd.to_datetime(frame[name])
        for part in ("year", "month", "day", "weekday"):
            parts[f"{name} {part}"] = getattr(day.dt, part)
        parts[f"{name} number"] = (day - pd.Timestamp("1970-01-01")).dt.days
    return pd.DataFrame(parts)


def columns_of(table):
    x = table["train"].drop(columns=[table["target"], *table["drop"]])
    rest = [c for c in x.columns if c not in table["dates"] and c not in table["text"]]
    numbers = [c for c in rest if pd.api.types.is_numeric_dtype(x[c])]
    return numbers, [c for c in rest if c not in numbers]


def scaled(table, texts):
    numbers, categories = columns_of(table)
    number = lambda: make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    parts = [("numbers", number(), numbers)]
    if categories:
        missing = SimpleImputer(strategy="constant", fill_value="missing")
        parts.append(("categories", make_pipeline(missing, OneHotEncoder(handle_unknown="ignore")), categories))
    if table["dates"]:
        parts.append(("dates", make_pipeline(FunctionTransformer(dated), number()), list(table["dates"])))
    for name in table["text"] if texts else ():
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, max_features=20000)
        steps = [words] if texts == "sparse" else [words, TruncatedSVD(64, random_state=0)]
        parts.append((name, make_pipeline(*steps), name))
    return ColumnTransformer(parts)


def raw(table):
    """For trees -> the transformer and which of its columns are categories."""
    numbers, categories = columns_of(table)
    parts = []
    if categories:
        numbered = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
        parts.append(("categories", make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"), numbered), categories))
    parts.append(("numbers", "passthrough", numbers))
    if table["dates"]:
        parts.append(("dates", FunctionTransformer(dated), list(table["dates"])))
    for name in table["text"]:
        words = make_pipeline(TfidfVectorizer(min_df=3, max_features=20000), TruncatedSVD(64, random_state=0))
        parts.append((name, words, name))
    return ColumnTransformer(parts, sparse_threshold=0), list(range(len(categories)))


def models(table):
    rows = len(table["train"])
    linear, net = scaled(table, "sparse"), scaled(table, "dense")
    trees, categories = raw(table)
    filled = make_pipeline(raw(table)[0], SimpleImputer(strategy="median"))
    common = dict(categorical_features=categories or None, random_state=0)
    stopped = dict(common, learning_rate=0.05, max_iter=500, early_stopping=True, n_iter_no_change=20)
    nets = dict(hidden_layer_sizes=(64, 32), alpha=1e-3, max_iter=500, early_stopping=rows > 2000, random_state=0)
    if table["task"] == "regression":
        mlp = TransformedTargetRegressor(MLPRegressor(**nets), transformer=StandardScaler())
        return {
            "linear": make_pipeline(linear, LinearRegression()),
            "ridge": make_pipeline(linear, RidgeCV(np.logspace(-2, 4, 13))),
            "mlp": make_pipeline(net, mlp),
            "gbdt": make_pipeline(trees, HistGradientBoostingRegressor(**common)),
            "gbdt, stopped early": make_pipeline(trees, HistGradientBoostingRegressor(**stopped)),
            "forest": make_pipeline(filled, RandomForestRegressor(200, max_features=1 / 3, random_state=0)),
        }
    return {
        "logistic": make_pipeline(linear, LogisticRegression(max_iter=5000)),
        "mlp": make_pipeline(net, MLPClassifier(**nets)),
        "gbdt": make_pipeline(trees, HistGradientBoostingClassifier(**common)),
        "gbdt, stopped early": make_pipeline(trees, HistGradientBoostingClassifier(**stopped)),
        "forest": make_pipeline(filled, RandomForestClassifier(200, random_state=0)),
    }


def answer(name):
    table = tables[name]()
    train, test, target = (table[key] for key in ("train", "test", "target"))
    train.to_csv(f"{folder}/{name}.train.csv", index=False)
    test.to_csv(f"{folder}/{name}.test.csv", index=False)
    regression = table["task"] == "regression"
    train = train[train[target].notna()]
    known = test[target].notna()
    fitted = []
    for model, pipeline in models(dict(table, train=train)).items():
        began, worked = time.perf_counter(), time.process_time()
        pipeline.fit(train.drop(columns=target), train[target] if regression else train[target].astype(str))
        seconds, processor = time.perf_counter() - began, time.process_time() - worked
        x = test[known].drop(columns=target)
        answers = pipeline.predict(x) if regression else pipeline.predict_proba(x)
        fitted.append(dict(model=model, seconds=seconds, processorSeconds=processor, answers=answers.tolist()))
    classes = None if regression else sorted(set(train[target].astype(str)))
    truth = test[target][known]
    written = dict(task=table["task"], target=target, classes=classes, rows=len(train),
                   known=[int(k) for k in np.flatnonzero(known)],
                   truth=truth.tolist() if regression else truth.astype(str).tolist(), models=fitted)
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(written, file)


print(f"scikit-learn {sklearn.__version__}", flush=True)
for line in sys.stdin:
    answer(line.strip())
    print("written", flush=True)
