"""Rows a second of the same table and model through Spark and through the command line, on the same cores.

    python bench/spark_rate.py MODEL [--rows 1000] [--words 250] [--cores 2] [--partitions 8] [--repetitions 3] [--command "precis"] [-- OPTIONS]

MODEL is a checkpoint folder; OPTIONS are those of `precis summarize`, such as --max-new-tokens=60 --num-beams=1. The interpreter needs pyspark, pyarrow and pandas. Both
sides read the same Parquet folder and write Parquet. Both start their engines anew each time; Spark itself runs already. They take turns, the command line first; the ratio is taken repetition by repetition.
"""

import argparse
import json
import os
import random
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts", "spark"))

import precis_spark
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

WORDS = (
    "the a of to in and is was for on that with as it by at from city river engine report market winter garden signal paper house light water road music "
    "window letter morning history science number between people before system village during season measure northern simple young little public record"
).split()


def main():
    options = arguments()
    folder = tempfile.mkdtemp(prefix="precis-spark-rate-")
    try:
        spark = session(options)
        source = write_documents(os.path.join(folder, "in"), options)
        df = spark.read.parquet(source)
        run_spark(df.limit(1), os.path.join(folder, "warm"), options, 0)
        rates = {"command line": [], "spark": []}
        for repetition in range(1, options.repetitions + 1):
            out = os.path.join(folder, f"out{repetition}")
            rates["command line"].append(options.rows / run_command_line(source, f"{out}.parquet", options))
            rates["spark"].append(options.rows / run_spark(df, out, options, repetition))
            print({side: round(values[-1], 2) for side, values in rates.items()}, file=sys.stderr)
            same = rows_of(out) == rows_of(f"{out}.parquet")
            if not same:
                sys.exit("spark_rate: Spark and the command line gave different rows")
        partitions = df.rdd.getNumPartitions()
        spark.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ratios = [ours / theirs for ours, theirs in zip(rates["spark"], rates["command line"])]
    print(json.dumps({
        "rows": options.rows,
        "cores": options.cores,
        "partitions": partitions,
        "load": os.getloadavg(),
        "rows_per_second": {side: {"median": statistics.median(values), "all": values} for side, values in rates.items()},
        "ratio": {"median": statistics.median(ratios), "all": ratios},
    }, indent=2))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--words", type=int, default=250)
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--command", default="precis")
    own, _, theirs = "\0".join(sys.argv[1:]).partition("\0--\0")
    options = parser.parse_args(own.split("\0"))
    options.options = theirs.split("\0") if theirs else []
    options.command = shlex.split(options.command)
    return options


def session(options):
    spark = (
        SparkSession.builder.master(f"local[{options.cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        # Each file of the input is a partition.
        .config("spark.sql.files.openCostInBytes", str(128 << 20))
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def write_documents(folder, options):
    """Seeded documents of different lengths, no two the same, as many files as partitions."""
    chance = random.Random(1)
    os.mkdir(folder)
    size = -(-options.rows // options.partitions)
    for part in range(options.partitions):
        ids = range(part * size, min(options.rows, (part + 1) * size))
        texts = [f"Document {i}. " + document(chance, chance.randint(options.words // 2, options.words * 3 // 2)) for i in ids]
        pq.write_table(pa.table({"id": pa.array(ids, pa.int64()), "document": texts}), os.path.join(folder, f"{part:03}.parquet"))
    return folder


def document(chance, words):
    return " ".join(chance.choice(WORDS) + ("." if chance.random() < 0.08 else "") for _ in range(words))


def run_command_line(source, out, options):
    words = [*options.command, "summarize", source, "--text", "document", "--out", out, "--model", options.model]
    words += [f"--workers={options.cores}", *options.options]
    begin = time.monotonic()
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def run_spark(df, out, options, repetition):
    given = dict(option.removeprefix("--").split("=", 1) for option in options.options)
    named = {name.replace("-", "_"): plain(value) for name, value in given.items()}
    # Another command is another engine process.
    command = ["env", f"REPETITION={repetition}", *options.command]
    begin = time.monotonic()
    precis_spark.with_column(df, "generated_summary", "document", options.model, command=command, **named).write.parquet(out)
    return time.monotonic() - begin


def plain(value):
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return value


def rows_of(path):
    return pq.read_table(path).sort_by("id").to_pylist()


main()
