"""Times scikit-learn's or XGBoost's trees on data in files, and prints one line of JSON.

    python3 forestPeers.py <folder> <scikit-learn | xgboost | xgboost-boosted> <trees> <repeats> [<predictions>]

With <predictions> what it predicts for the test rows is written to that file.
"""
import json
import resource
import sys
import time

import numpy

folder, engine, trees, repeats = sys.argv[1:5]
target = numpy.fromfile(f"{folder}/train.y")
actual = numpy.fromfile(f"{folder}/test.y")
# Both libraries want rows together.
matrix = numpy.ascontiguousarray(numpy.fromfile(f"{folder}/train.x").reshape(-1, len(target)).T)
fresh = numpy.ascontiguousarray(numpy.fromfile(f"{folder}/test.x").reshape(-1, len(actual)).T)


def make():
    if engine == "xgboost-boosted":
        from xgboost import XGBRegressor

        return XGBRegressor(
            n_estimators=int(trees),
            tree_method="hist",
            max_depth=6,
            learning_rate=0.1,
            min_child_weight=20,
            reg_lambda=1,
            max_bin=255,
            n_jobs=2,
            random_state=1,
        )
    if engine == "xgboost":
        from xgboost import XGBRFRegressor

        return XGBRFRegressor(
            n_estimators=int(trees),
            tree_method="hist",
            max_depth=12,
            min_child_weight=5,
            colsample_bynode=1 / 3,
            n_jobs=2,
            random_state=1,
        )
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(
        int(trees), max_depth=12, min_samples_leaf=5, max_features=1 / 3, n_jobs=2, random_state=1
    )


try:
    make()
except ImportError:
    print(json.dumps({"missing": engine}))
    sys.exit()

if engine == "scikit-learn":
    # This version takes no missing values: they become a number below all others of the feature, 0 where it has no other.
    known = numpy.where(numpy.isnan(matrix), numpy.inf, matrix).min(axis=0)
    lowest = numpy.where(numpy.isinf(known), 0, known - 1)
    matrix = numpy.where(numpy.isnan(matrix), lowest, matrix)
    fresh = numpy.where(numpy.isnan(fresh), lowest, fresh)

fit_seconds, fit_cpu_seconds, predict_seconds = [], [], []
for _ in range(int(repeats)):
    model = make()
    start, cpu_start = time.perf_counter(), time.process_time()
    model.fit(matrix, target)
    fit_seconds.append(time.perf_counter() - start)
    fit_cpu_seconds.append(time.process_time() - cpu_start)
    start = time.perf_counter()
    predicted = model.predict(fresh)
    predict_seconds.append(time.perf_counter() - start)

if len(sys.argv) > 5:
    predicted.astype(float).tofile(sys.argv[5])

# Without end where nobody spent anything, which JSON has no number for.
r2 = 1 - ((predicted - actual) ** 2).sum() / ((actual - actual.mean()) ** 2).sum()
print(
    json.dumps(
        {
            "fitSeconds": fit_seconds,
            "fitCpuSeconds": fit_cpu_seconds,
            "predictSeconds": predict_seconds,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "r2": float(r2) if numpy.isfinite(r2) else None,
        }
    )
)
