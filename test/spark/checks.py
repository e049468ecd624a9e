"""What a real Spark does with scripts/spark/precis_spark.py. Prints one JSON object; spark.test.ts says what it has to be.

    python checks.py MASTER FOLDER COMMAND_AS_JSON

FOLDER holds the seeded checkpoint `model`; tables and answers are written beside it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "spark"))

import precis_spark
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

MASTER, FOLDER, COMMAND = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
ROWS = 2000
SUMMARY = "generated_summary"


def main():
    spark = (
        SparkSession.builder.master(MASTER)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100")
        .config("spark.executorEnv.PRECIS_HOME", os.environ["PRECIS_HOME"])
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    checks = [same_as_command_line, same_model, reused, killed, row_errors, empty_partitions, columns, refused, abandoned]
    answers = {}
    for check in checks:
        begin = time.monotonic()
        answers[check.__name__] = check(spark)
        print(f"{check.__name__}: {time.monotonic() - begin:.1f} s", file=sys.stderr)
    answers["engines_before_the_end"] = len(engines()) > 0
    spark.stop()
    answers["engines_after_the_end"] = remaining_engines()
    print(json.dumps(answers))


def table(spark, name, rows, partitions):
    """Awkward texts, nulls and other columns, as a Parquet file and as a DataFrame of that many partitions."""
    texts = [text_of(i) for i in range(rows)]
    data = pa.table({
        "id": pa.array(range(rows), pa.int64()),
        "document": texts,
        "tags": pa.array([[str(i), None] if i % 3 else None for i in range(rows)], pa.list_(pa.string())),
    })
    file = os.path.join(FOLDER, f"{name}.parquet")
    pq.write_table(data, file)
    return file, spark.read.parquet(file).repartitionByRange(partitions, "id")


def text_of(i):
    if i % 50 == 7:
        return None
    awkward = ["", "Müller sagt: „Größe“.", "line\nbreak\ttab", "😀 emoji. And more.", '"quotes", commas'][i % 5]
    return f"{awkward} Sentence number {i}. " + "A second one follows here. " * (i % 4) + "The end."


def command_line(file, model, *options):
    out = file.replace(".parquet", ".expected.parquet")
    subprocess.run([*COMMAND, "summarize", file, "--text", "document", "--out", out, "--model", model, *options], check=True, capture_output=True)
    return pq.read_table(out).to_pylist()


def plain(rows):
    return [row.asDict(recursive=True) for row in rows]


def same_as_command_line(spark):
    file, df = table(spark, "lead", ROWS, 8)
    metrics = precis_spark.Metrics(spark)
    out = precis_spark.with_column(df, SUMMARY, "document", "builtin:lead-3", command=COMMAND, metrics=metrics)
    target = os.path.join(FOLDER, "lead.out.parquet")
    out.write.parquet(target)
    rows = pq.read_table(target).sort_by("id").to_pylist()
    return {"rows": len(rows), "equal": rows == command_line(file, "builtin:lead-3"), "metrics": metrics.value()}


def same_model(spark):
    """A model with weights, once by its path and once shipped as an archive."""
    file, df = table(spark, "seeded", 60, 4)
    model = os.path.join(FOLDER, "model")
    expected = command_line(file, model, "--max-new-tokens", "12")
    archive = shutil.make_archive(os.path.join(FOLDER, "shipped"), "gztar", FOLDER, "model")
    spark.sparkContext.addArchive(f"{archive}#shipped")
    answers = {"rows": len(expected), "different": len({row[SUMMARY] for row in expected}) > 20}
    for name, uri in (("path", model), ("archive", "archive:shipped/model")):
        out = precis_spark.with_column(df, SUMMARY, "document", uri, command=COMMAND, max_new_tokens=12)
        answers[name] = plain(out.sort("id").collect()) == expected
    return answers


def reused(spark):
    """Twenty tasks over two jobs: no more processes than tasks that run at a time."""
    metrics = precis_spark.Metrics(spark)
    summarize = precis_spark.predict_udf("builtin:lead-1", command=COMMAND, metrics=metrics)
    for _ in range(2):
        spark.range(0, 100, 1, 10).select(F.col("id").cast("string").alias("t")).transform(summarize, "s", "t").collect()
    return {"engine_starts": metrics.engine_starts.value, "rows": metrics.rows.value}


def killed(spark):
    """The engine process is killed once, while it has rows of a task and others wait behind them."""
    _, df = table(spark, "killed", ROWS, 8)
    mortal = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mortal.py")
    command = [sys.executable, mortal, "Sentence number 1100.", os.path.join(FOLDER, "was-killed"), *COMMAND]
    context = spark.sparkContext
    context.setJobGroup("killed", "an engine is killed")
    rows = plain(precis_spark.with_column(df, SUMMARY, "document", "builtin:echo", command=command).collect())
    context.setLocalProperty("spark.jobGroup.id", None)

    def failed_tasks():
        tracker = context.statusTracker()
        jobs = filter(None, map(tracker.getJobInfo, tracker.getJobIdsForGroup("killed")))
        stages = filter(None, (tracker.getStageInfo(stage) for job in jobs for stage in job.stageIds))
        return sum(stage.numFailedTasks for stage in stages)

    # Spark's own listeners may be a moment behind.
    wait(lambda: failed_tasks() > 0, 30)
    return {
        "killed": os.path.exists(os.path.join(FOLDER, "was-killed")),
        "failed_tasks": failed_tasks(),
        "rows": len(rows),
        "right": all(row[SUMMARY] == row["document"] for row in rows) and [row["id"] for row in rows] == list(range(ROWS)),
    }


def row_errors(spark):
    df = spark.createDataFrame([(i, "word " * i if i != 3 else None) for i in range(1, 7)], "n int, t string").coalesce(1)
    how = {"command": COMMAND, "long_documents": "error", "max_input_tokens": 4}
    metrics = precis_spark.Metrics(spark)
    kept = precis_spark.with_column(df, "s", "t", "builtin:echo", on_error="struct", metrics=metrics, **how).collect()
    nulls = precis_spark.with_column(df, "s", "t", "builtin:echo", on_error="null", **how).collect()
    return {
        "struct": [row.s and [row.s.summary, row.s.input_tokens, row.s.error and row.s.error.code] for row in kept],
        "null": [row.s for row in nulls],
        "metrics": metrics.value(),
        "fail": failure(lambda: precis_spark.with_column(df, "s", "t", "builtin:echo", **how).collect()),
    }


def empty_partitions(spark):
    df = spark.range(0, 10, 1, 10).select("id", F.col("id").cast("string").alias("t"))
    some = precis_spark.with_column(df.filter("id in (2, 7)"), "s", "t", "builtin:echo", command=COMMAND)
    none = precis_spark.with_column(df.filter("id > 100"), "s", "t", "builtin:echo", command=COMMAND)
    return {"some": [list(row) for row in some.collect()], "none": none.collect(), "columns": none.columns}


def columns(spark):
    """An expression, a column that is replaced where it stands, and two functions on one table."""
    df = spark.createDataFrame([("Title", "Body. More.", 1.5)], "title string, body string, score double")
    echo = precis_spark.predict_udf("builtin:echo", command=COMMAND)
    joined = df.transform(echo, "joined", F.concat_ws(": ", "title", "body"))
    both = joined.transform(precis_spark.predict_udf("builtin:lead-1", command=COMMAND), "body", "body")
    return [row.asDict() for row in both.collect()]


def abandoned(spark):
    """Spark takes a few rows of a task and gives it up; what comes after gets its own answers."""
    df = spark.range(0, 3000, 1, 1).select(F.col("id").cast("string").alias("t"))
    out = precis_spark.with_column(df, "s", "t", "builtin:echo", command=COMMAND)
    few = [row.s for row in out.limit(3).collect()]
    return {"few": few, "right": all(row.s == row.t for row in out.collect())}


def refused(spark):
    df = spark.createDataFrame([(1, "x")], "id int, document string")
    with_column = precis_spark.with_column
    return {
        "option": failure(lambda: with_column(df, "s", "document", "builtin:echo", num_beam=3)),
        "value": failure(lambda: with_column(df, "s", "document", "builtin:echo", precision="fp8")),
        "column": failure(lambda: with_column(df, "s", "documents", "builtin:echo")),
        "type": failure(lambda: with_column(df, "s", "id", "builtin:echo")),
        "command": failure(lambda: with_column(df, "s", "document", "builtin:echo", command="no-such-command").collect()),
        "model": failure(lambda: with_column(df, "s", "document", "builtin:nothing", command=COMMAND).collect()),
        "archive": failure(lambda: with_column(df, "s", "document", "archive:nothing", command=COMMAND).collect()),
    }


def failure(work):
    """What precis says of the error, without the stacks of Spark and Python around it."""
    try:
        work()
    except (ValueError, PySparkException) as error:
        said = [line.strip() for line in str(error).splitlines() if re.match(r"\s*(RuntimeError: )?precis: ", line)]
        return "\n".join(dict.fromkeys(said)) or str(error)
    return None


def engines(words=""):
    """The engine processes below this one."""
    parents, commands = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/cmdline") as command:
                parents[int(pid)] = int(stat.read().rpartition(")")[2].split()[1])
                commands[int(pid)] = command.read()
        except OSError:
            pass

    def ours(pid):
        while pid in parents:
            if pid == os.getpid():
                return True
            pid = parents[pid]
        return False

    return sorted(pid for pid, command in commands.items() if "\0pipe\0" in command and words in command and ours(pid))


def remaining_engines():
    wait(lambda: not engines(), 30)
    return engines()


def wait(until, seconds):
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.02)


main()
