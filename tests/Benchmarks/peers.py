#!/usr/bin/env python3
"""Time Python peers on the benchmark's data beside our program, in one session, and print ratios.

Needs python3-numpy and python3-statsmodels (Debian). fast-krippendorff and crowd-kit are not packaged there, so their algorithms
are stood in for by NumPy code of the same kind, written here from the formulas: the vectorised coincidence matrix
(alpha), and one vectorised EM step per iteration over a label table (Dawid-Skene). statsmodels is itself.

    dotnet build -c Release tests/Benchmarks && /usr/bin/python3 tests/Benchmarks/peers.py
"""
import os, subprocess, sys, time
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
MASK, MUL, ADD = (1 << 64) - 1, 6364136223846793005, 1442695040888963407


def stream(seed):
    state = seed
    while True:
        state = (state * MUL + ADD) & MASK
        yield state >> 33


def ratings(units, per_unit, raters, levels):
    """The same ratings as Synthetic.Matrix: units x per_unit levels (0-based) and their raters."""
    draw, out, who, nxt = stream(42), np.empty((units, per_unit), dtype=np.int64), np.empty((units, per_unit), dtype=np.int64), 0
    for u in range(units):
        truth = next(draw) % levels
        for i in range(per_unit):
            known, other = next(draw) % 100 < 70, next(draw) % levels
            out[u, i] = truth if known else other
            who[u, i] = nxt % raters
            nxt += 1
    return out, who


def battles(count, models):
    draw, rows = stream(7), np.empty((count, 3), dtype=np.int64)
    for i in range(count):
        a, b = next(draw) % models, next(draw) % (models - 1)
        b += b >= a
        rows[i] = a, b, next(draw) % (2 * models) < models + a - b
    return rows


def value_counts(out, levels):
    counts = np.zeros((len(out), levels))
    np.add.at(counts, (np.repeat(np.arange(len(out)), out.shape[1]), out.ravel()), 1)
    return counts


def alpha(counts, metric):
    m = counts.sum(1)
    c = counts[m > 1]
    m = m[m > 1]
    o = (c / (m - 1)[:, None]).T @ c - np.diag((c / (m - 1)[:, None]).sum(0))
    n_c = o.sum(0)
    n = n_c.sum()
    v = np.arange(1, len(n_c) + 1, dtype=float)
    if metric == "nominal":
        d = 1.0 - np.eye(len(v))
    elif metric == "ordinal":
        x = np.cumsum(n_c) - n_c / 2
        d = (x[:, None] - x) ** 2
    elif metric == "interval":
        d = (v[:, None] - v) ** 2
    else:
        d = ((v[:, None] - v) / (v[:, None] + v)) ** 2
    return 1 - (o * d).sum() / (np.outer(n_c, n_c) * d).sum() * (n - 1)


def alpha_matrix(out, who, raters, levels):
    """From a raters x units matrix with gaps, as a matrix call takes it: one-hot per value, then counts."""
    data = np.full((raters, len(out)), np.nan)
    data[who.ravel(), np.repeat(np.arange(len(out)), out.shape[1])] = out.ravel() + 1
    start = time.perf_counter()
    counts = np.stack([(data == v).sum(0) for v in range(1, levels + 1)], 1).astype(float)
    value = alpha(counts, "ordinal")
    return time.perf_counter() - start, value


def bootstrap(counts, draws):
    rng = np.random.default_rng(1)
    return np.std([alpha(counts[rng.integers(0, len(counts), len(counts))], "ordinal") for _ in range(draws)], ddof=1)


def dawid_skene(out, who, raters, levels, steps):
    units, per = out.shape
    unit, rater, label = np.repeat(np.arange(units), per), who.ravel(), out.ravel()
    t = value_counts(out, levels) / per
    for _ in range(steps):
        p = t.mean(0)
        e = np.zeros((raters, levels, levels))
        np.add.at(e, (rater, label), t[unit])
        e /= e.sum(1, keepdims=True)
        with np.errstate(divide="ignore"):
            logs = np.log(e)[rater, label]
        u = np.log(p) + np.add.reduceat(logs, np.arange(0, units * per, per))
        top = u.max(1, keepdims=True)
        w = np.exp(u - top)
        s = w.sum(1, keepdims=True)
        loglik, t = float((top + np.log(s)).sum()), w / s
    return loglik


def gwet_ac2(counts):
    q = counts.shape[1]
    k = np.arange(q)
    w = 1 - ((k[:, None] - k) / (q - 1)) ** 2
    r = counts.sum(1)
    pa = ((counts * (counts @ w - 1)).sum(1) / (r * (r - 1))).mean()
    pi = (counts / r[:, None]).mean(0)
    pe = w.sum() * (pi * (1 - pi)).sum() / (q * (q - 1))
    return (pa - pe) / (1 - pe)


def fleiss(counts):
    from statsmodels.stats.inter_rater import fleiss_kappa
    return fleiss_kappa(counts)


def bradley_terry(rows, models):
    import statsmodels.api as sm
    pair, inverse = np.unique(rows[:, :2], axis=0, return_inverse=True)
    wins = np.bincount(inverse.ravel(), rows[:, 2])
    total = np.bincount(inverse.ravel())
    x = np.zeros((len(pair), models))
    x[np.arange(len(pair)), pair[:, 0]] = 1
    x[np.arange(len(pair)), pair[:, 1]] = -1
    fit = sm.GLM(np.column_stack([wins, total - wins]), x[:, 1:], family=sm.families.Binomial()).fit()
    mu = fit.fittedvalues
    return float((wins * np.log(mu) + (total - wins) * np.log(1 - mu)).sum())


def best(work, times=3):
    seconds, value = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        value = work()
        seconds = min(seconds, time.perf_counter() - start)
    return seconds, value


def main():
    program = os.path.join(HERE, "bin", "Release", "net10.0", "Benchmarks")
    if not os.path.exists(program):
        sys.exit("Build first: dotnet build -c Release tests/Benchmarks")
    out, who = ratings(200_000, 5, 200, 5)
    small, _ = ratings(20_000, 5, 200, 5)
    counts, few = value_counts(out, 5), value_counts(small, 5)
    rows = battles(100_000, 50)
    peers = {
        "alpha_nominal": ("NumPy, labels", best(lambda: alpha(value_counts(out, 5), "nominal"))),
        "alpha_ordinal": ("NumPy, matrix call", min((alpha_matrix(out, who, 200, 5) for _ in range(3)), key=lambda x: x[0])),
        "alpha_interval": ("NumPy, labels", best(lambda: alpha(value_counts(out, 5), "interval"))),
        "alpha_ratio": ("NumPy, labels", best(lambda: alpha(value_counts(out, 5), "ratio"))),
        "alpha_ordinal_counts": ("NumPy, counts call", best(lambda: alpha(counts, "ordinal"))),
        "alpha_bootstrap": ("NumPy, 200 draws", (best(lambda: bootstrap(few, 200), 1)[0], alpha(few, "ordinal"))),
        "dawid_skene": ("NumPy, 20 EM steps", best(lambda: dawid_skene(out, who, 200, 5, 20), 1)),
        "gwet_ac2": ("NumPy", best(lambda: gwet_ac2(counts))),
        "fleiss": ("statsmodels", best(lambda: fleiss(counts))),
        "bradley_terry": ("statsmodels GLM", best(lambda: bradley_terry(rows, 50))),
    }
    ours = dict((l.split()[0], tuple(map(float, l.split()[1:]))) for l in subprocess.run([program, "once"], capture_output=True, text=True, check=True).stdout.splitlines())
    print(f"{'task':22s} {'peer':20s} {'peer s':>9s} {'ours s':>9s} {'ratio':>8s}  {'difference':>10s}")
    for task, (peer, (seconds, value)) in peers.items():
        mine, result = ours[task]
        print(f"{task:22s} {peer:20s} {seconds:9.4f} {mine:9.4f} {seconds / mine:7.1f}x  {abs(result - value):10.1e}")


if __name__ == "__main__":
    main()
