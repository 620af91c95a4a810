"""Loads made-up batches of 1,000, 10,000 and 50,000 lines, and any files named, next to the plainest possible program (parse each
line with json, insert it into SQLite), in one run: they take turns, and the median of the rounds is printed. Both read the same file,
packed if it is packed. A third program shows what storing alone costs: it takes the documents that ours has stored, ready made, and
puts them into tables and indexes like ours, as durably. Measures, never tests: compare the ratios, and look at the load of the machine.

    dotnet publish api -c Release -p:SkipWeb=true -o /tmp/healtheval
    python3 tests/Benchmarks/ingest.py [--rounds 3] [FILE.jsonl | FILE.jsonl.gz …]
    python3 tests/Benchmarks/ingest.py --memory        peak memory for files that are made to need much
"""
import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("HEALTHEVAL", "/tmp/healtheval/healtheval")
WORDS = "the dose of this medicine depends on weight kidney function other medicines and what has been tried before so ask first".split()


def synthetic(path, lines):
    """About 1.7 kB a line, as the canonical form has it."""
    chance = random.Random(lines)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(lines):
            text = lambda count: " ".join(chance.choices(WORDS, k=count))
            record = {"prompt_id": f"p{number}", "prompt": [{"role": "user", "content": text(20)}], "tags": ["made-up"],
                      "responses": [{"response_id": f"{number}-{model}", "model": f"model-{model}", "content": text(120)} for model in "ab"]}
            file.write(json.dumps(record) + "\n")


def baseline(path, folder):
    import sqlite3
    database = sqlite3.connect(os.path.join(folder, "baseline.db"))
    database.execute("create table prompts (id text primary key, prompt text)")
    database.execute("create table responses (prompt text, id text, model text, content text)")
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            database.execute("insert into prompts values (?, ?)", (record["prompt_id"], json.dumps(record["prompt"])))
            database.executemany("insert into responses values (?, ?, ?, ?)",
                                 [(record["prompt_id"], r["response_id"], r["model"], r["content"]) for r in record["responses"]])
    database.commit()


def store_alone(store, folder):
    """In transactions of a thousand documents of each kind."""
    import sqlite3
    given = sqlite3.connect(os.path.join(store, "healtheval.db"))
    kinds = ("group", "item", "task")
    rows = {kind: given.execute(f'select * from "{kind}"').fetchall() for kind in kinds}
    database = sqlite3.connect(os.path.join(folder, "alone.db"), isolation_level=None)
    database.executescript("pragma page_size = 16384; pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000")
    for (made,) in given.execute("select sql from sqlite_master where tbl_name in ('group', 'item', 'task') and sql is not null"):
        database.execute(made)
    start, used = time.perf_counter(), time.process_time()
    for first in range(0, max(len(of_kind) for of_kind in rows.values()), 1000):
        database.execute("begin")
        for kind, of_kind in rows.items():
            some = of_kind[first:first + 1000]
            if some:
                database.executemany(f'insert into "{kind}" values ({", ".join("?" * len(some[0]))})', some)
        database.execute("commit")
    database.close()
    print(json.dumps([time.perf_counter() - start, time.process_time() - used, 0]))


def measured(command, may_fail=False):
    """Seconds by the clock and of the processor, and the largest resident set in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0 and not may_fail:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def load(path, scratch):
    """What it took, and what storing its documents once more takes."""
    with tempfile.TemporaryDirectory(dir=scratch) as data:
        whole = measured([PROGRAM, "ingest", path, "--project", "bench", "--create", "--data", data, "--json"])
        alone = subprocess.run([sys.executable, __file__, "--store-alone", data, data], stdout=subprocess.PIPE, check=True)
        return whole, json.loads(alone.stdout)


def plain(path, scratch):
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        return measured([sys.executable, __file__, "--baseline", path, folder])


def report(path, scratch, rounds):
    lines, size = 0, 0
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        for line in file:
            lines, size = lines + 1, size + len(line) / 1e6
    turns = [(plain(path, scratch), *load(path, scratch)) for _ in range(rounds)]
    theirs, ours, alone = ([statistics.median(column) for column in zip(*side)] for side in zip(*turns))
    for name, (wall, cpu, peak) in (("json + sqlite3", theirs), ("healtheval", ours), ("storing alone", alone)):
        print(f"{lines:>7,} lines {size:>6.1f} MB  {name:<15} {wall:>7.2f} s  {lines / wall:>9,.0f} lines/s  {size / wall:>6.1f} MB/s  CPU {cpu:>6.2f} s" + (f"  peak {peak:>4.0f} MB" if peak else ""))
    print(f"{'':>26}ratio {ours[0] / theirs[0]:.1f} (wall), {ours[1] / theirs[1]:.1f} (CPU); of storing alone {alone[0] / theirs[0]:.1f} (wall), {alone[1] / theirs[1]:.1f} (CPU)", flush=True)


def memory(scratch):
    words = lambda count: ("word " * (count // 5 + 1))[:count]
    lines = lambda records: (json.dumps(record) + "\n" for record in records)
    one = os.path.join(scratch, "one.jsonl")
    synthetic(one, 1)
    idle = load(one, scratch)[0][2]
    for name, text in {
        "15 lines with a text of 4 MB": lambda: lines({"prompt": f"{n}", "response": words(4_000_000)} for n in range(15)),
        "15 rows with a cell of 4 MB": lambda: (f'{n},"{words(4_000_000)}"\n' if n else "prompt,response\n" for n in range(16)),
        "60 lines with a text of 1.4 MB": lambda: lines({"prompt": f"{n}", "response": words(1_400_000)} for n in range(60)),
        "a list of 60 with a text of 1.4 MB": lambda: (("," if n else "[") + json.dumps({"prompt": f"{n}", "response": words(1_400_000)}) + ("" if n < 59 else "]") for n in range(60)),
        "15 lines of 4 MB in escapes": lambda: lines({"prompt": "é中" * 330_000, "response": f"{n}"} for n in range(15)),
        "20 lines with 20 texts of 190 kB": lambda: lines({"prompt": f"{n}", "responses": [{"content": words(190_000) + f"{m}"} for m in range(20)]} for n in range(20)),
        "40 lines with 1,000 answers to 7 kB": lambda: lines({"prompt": words(7_000), "prompt_id": f"{n}", "responses": [{"content": f"{m}"} for m in range(1_000)]} for n in range(40)),
        "15 lines with 90,000 fields": lambda: lines({"prompt": f"{n}", "response": "a", "x": {f"{m}": m for m in range(90_000)}} for n in range(15)),
    }.items():
        path = os.path.join(scratch, "much.csv" if "rows" in name else "much.json")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(text())  # one by one: what this program holds is counted as its child's
        with tempfile.TemporaryDirectory(dir=scratch) as data:
            peak = measured([PROGRAM, "ingest", path, "--project", "bench", "--create", "--data", data, "--json"], may_fail=True)[2]
        print(f"{name:<36} {peak - idle:>4.0f} MB above the {idle:.0f} MB of one line", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="*")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--memory", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if chosen.memory:
            memory(scratch)
            return
        one = os.path.join(scratch, "one.jsonl")
        synthetic(one, 1)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; loading one line: {statistics.median(load(one, scratch)[0][2] for _ in range(chosen.rounds)):.0f} MB")
        for given in chosen.files or [1_000, 10_000, 50_000]:
            if isinstance(given, int):
                batch = os.path.join(scratch, "batch.jsonl")
                synthetic(batch, given)
                given = batch
            report(given, scratch, chosen.rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--baseline"]:
        baseline(*sys.argv[2:4])
    elif sys.argv[1:2] == ["--store-alone"]:
        store_alone(*sys.argv[2:4])
    else:
        main()
