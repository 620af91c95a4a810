"""Loads made-up batches of 1,000, 10,000 and 50,000 lines, and any files named, next to the plainest possible program (parse each
line with json, insert it into SQLite), in one run: the two take turns, and the median of the rounds is printed. Measures, never tests:
compare the ratios, and look at the load of the machine.

    dotnet publish api -c Release -r linux-x64 --self-contained false -p:SkipWeb=true -o /tmp/healtheval
    python3 tests/Benchmarks/ingest.py [--rounds 3] [FILE.jsonl | FILE.jsonl.gz …]
"""
import argparse
import gzip
import json
import os
import random
import shutil
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
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            database.execute("insert into prompts values (?, ?)", (record["prompt_id"], json.dumps(record["prompt"])))
            database.executemany("insert into responses values (?, ?, ?, ?)",
                                 [(record["prompt_id"], r["response_id"], r["model"], r["content"]) for r in record["responses"]])
    database.commit()


def measured(command):
    """Seconds by the clock and of the processor, and the largest resident set in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def load(path, scratch):
    with tempfile.TemporaryDirectory(dir=scratch) as data:
        return measured([PROGRAM, "ingest", path, "--project", "bench", "--create", "--data", data, "--json"])


def plain(path, scratch):
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        return measured([sys.executable, __file__, "--baseline", path, folder])


def report(given, unpacked, scratch, rounds):
    with open(unpacked, "rb") as file:
        lines = sum(1 for _ in file)
    size = os.path.getsize(unpacked) / 1e6
    turns = [(plain(unpacked, scratch), load(given, scratch)) for _ in range(rounds)]
    theirs, ours = ([statistics.median(column) for column in zip(*side)] for side in zip(*turns))
    for name, (wall, cpu, peak) in (("json + sqlite3", theirs), ("healtheval", ours)):
        print(f"{lines:>7,} lines {size:>6.1f} MB  {name:<15} {wall:>7.2f} s  {lines / wall:>9,.0f} lines/s  {size / wall:>6.1f} MB/s  CPU {cpu:>6.2f} s  peak {peak:>4.0f} MB")
    print(f"{'':>26}ratio {ours[0] / theirs[0]:.1f} (wall), {ours[1] / theirs[1]:.1f} (CPU)", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="*")
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        one = os.path.join(scratch, "one.jsonl")
        synthetic(one, 1)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; loading one line: {statistics.median(load(one, scratch)[2] for _ in range(chosen.rounds)):.0f} MB")
        for given in chosen.files or [1_000, 10_000, 50_000]:
            batch = os.path.join(scratch, "batch.jsonl")
            if isinstance(given, int):
                synthetic(batch, given)
                given = batch
            elif given.endswith(".gz"):
                with gzip.open(given) as packed, open(batch, "wb") as file:
                    shutil.copyfileobj(packed, file)
            else:
                batch = given
            report(given, batch, scratch, chosen.rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--baseline"]:
        baseline(*sys.argv[2:4])
    else:
        main()
