"""precis in Spark: a table's text column in, the same table with a column of summaries out.

    from precis_spark import with_column
    out = with_column(df, "generated_summary", "document", "/models/t5-small", num_beams=4)

or, once for several tables:

    summarize = predict_udf("/models/t5-small", num_beams=4)
    out = df.transform(summarize, "generated_summary", "document")

Each Python worker of an executor (Spark has one for each task that runs at a time) starts one engine process, `precis pipe`, with as many engines as a
task has cores (spark.task.cpus), and keeps it for the tasks that follow. Only the texts go to it, as Arrow record batches, and several batches are on their way
at a time. Partitions, retries and shuffles are Spark's: an engine process that dies fails its task, and the next attempt starts a new one.

The executors need Node.js, precis and the model:

- `command`: how precis is started there, "precis" by default (or the environment variable PRECIS_COMMAND of the driver); a list of words
  for anything else, such as ["node", "/opt/precis/dist/src/cli/main.js"].
- `model_uri`: what `precis --model` takes: a folder that every executor has, or `builtin:NAME`; the built-in model by default. A folder that Spark ships is named `archive:NAME` or
  `archive:NAME/FOLDER` after `spark.sparkContext.addArchive("t5-small.tar.gz#NAME")`. The words of `command` and `tokenizer` may be named in the same way.

Options are those of `precis pipe` in snake_case (OPTIONS below), and:

- `on_error`: "fail" (default): a row that fails fails its task. "null": its summary is null. "struct": the column is a struct of summary, input_tokens,
  output_tokens, truncated, finish_reason, score, chunks and error (code, message).
- `metrics`: a Metrics object, whose numbers grow while the job runs. Spark counts a task again if its result was lost and it had to be repeated.

A null text gives a null. All other columns come out as they went in. Needs PySpark 3.5 or later and what its mapInArrow
asks for: PyArrow, and pandas although none of it is used.
"""

import collections
import difflib
import os
import queue
import shlex
import subprocess
import sys
import threading

import pyarrow as pa

_CHOICES = {
    "early_stopping": ("true", "false", "never"),
    "precision": ("auto", "fp32", "int8", "fp16"),
    "long_documents": ("truncate", "error", "map-reduce"),
    "dedupe": ("on", "off"),
    "isolation": ("thread", "process"),
}
_NUMBERS = (
    "num_beams max_new_tokens min_new_tokens max_length min_length length_penalty no_repeat_ngram_size repetition_penalty temperature top_k top_p "
    "seed workers threads_per_worker batch_rows max_input_tokens partition_rows"
).split()
_TEXTS = "device tokenizer task prefix".split()
_FLAGS = "do_sample offline".split()
OPTIONS = (*_NUMBERS, *_TEXTS, *_FLAGS, *_CHOICES)
_OWN_OPTIONS = ("on_error", "command", "metrics")
_ON_ERROR = ("fail", "null", "struct")

_ARCHIVE = "archive:"
_DEFAULT_MODEL = "builtin:precis-tiny"
_RESULT = "precis_result"
_EXPRESSION = "__precis_text"
_STREAM = pa.schema([("text", pa.string())])
# What is known of each row, by Spark's names of the types.
_ERROR = {"code": "string", "message": "string"}
_DETAILS = {
    "summary": "string",
    "input_tokens": "integer",
    "output_tokens": "integer",
    "truncated": "boolean",
    "finish_reason": "string",
    "score": "double",
    "chunks": "integer",
    "error": _ERROR,
}
_ARROW_TYPES = {"string": pa.string(), "integer": pa.int32(), "boolean": pa.bool_(), "double": pa.float64()}


def _arrow_type(kind):
    if isinstance(kind, dict):
        return pa.struct([(name, _arrow_type(field)) for name, field in kind.items()])
    return _ARROW_TYPES[kind]


def _spark_type(kind):
    from pyspark.sql.types import StructType

    if not isinstance(kind, dict):
        return kind
    struct = StructType()
    for name, field in kind.items():
        struct.add(name, _spark_type(field))
    return struct


_DETAILS_TYPE = _arrow_type(_DETAILS)

# Rows that are sent before their answers are awaited: enough that the engine never waits for Spark, few enough to keep in memory.
_ROWS_AHEAD = 20_000
_BATCHES_AHEAD = 4
# Engines that one Python worker keeps, the one used last first: several functions take turns in a job.
_MOST_ENGINES = 2
_STDERR_LINES = 20


class Metrics:
    """Accumulators: rows, null_rows, input_tokens, output_tokens, truncated, failed, and engine_starts (one a Python worker, plus restarts)."""

    NAMES = ("rows", "null_rows", "input_tokens", "output_tokens", "truncated", "failed", "engine_starts")

    def __init__(self, spark):
        for name in self.NAMES:
            setattr(self, name, spark.sparkContext.accumulator(0))

    def value(self):
        return {name: getattr(self, name).value for name in self.NAMES}


def with_column(df, name, column, model_uri=_DEFAULT_MODEL, **options):
    """The DataFrame with one more column: what the model makes of the text column (a name or an expression). A column of that name is replaced."""
    return predict_udf(model_uri, **options)(df, name, column)


def predict_udf(model_uri=_DEFAULT_MODEL, **options):
    """A function (df, name, column) -> DataFrame, for several DataFrames: df.transform(predict_udf(uri), "generated_summary", "document")."""
    arguments, on_error, metrics = _checked(options)
    words = [*_command(options.get("command")), "pipe", "--text", "text", "--column", _RESULT, "--model", str(model_uri)]
    words += ["--result-type", "struct", "--on-error", "struct", *arguments]

    def add_column(df, name, column):
        _ship_this_file(df.sparkSession)
        df, text = _text_column(df, column)
        schema = _schema_with(df.schema, name, _DETAILS if on_error == "struct" else "string", text)
        return df.mapInArrow(_task_function(words, text, name, on_error, metrics, "workers" not in options), schema)

    return add_column


def _checked(options):
    for name in options:
        if name in OPTIONS or name in _OWN_OPTIONS:
            continue
        nearest = difflib.get_close_matches(name, (*OPTIONS, *_OWN_OPTIONS), 1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise ValueError(f"precis: unknown option {name}, expected one of {', '.join((*_OWN_OPTIONS, *OPTIONS))}{hint}")
    on_error = options.get("on_error", "fail")
    if on_error not in _ON_ERROR:
        raise ValueError(f"precis: option on_error is {on_error!r}, expected one of {', '.join(_ON_ERROR)}")
    given = {name: value for name, value in options.items() if name in OPTIONS and value is not None}
    given.setdefault("isolation", "thread")  # The process that precis would start apart is this one: Spark sees to its retry.
    arguments = []
    for name, value in given.items():
        flag = "--" + name.replace("_", "-")
        if name in _FLAGS:
            _expect(name, value, isinstance(value, bool), "True or False")
            arguments += [flag] if value else []
            continue
        if name in _CHOICES:
            value = {True: "true", False: "false"}.get(value, value) if name == "early_stopping" else value
            value = {True: "on", False: "off"}.get(value, value) if name == "dedupe" else value
            _expect(name, value, value in _CHOICES[name], "one of " + ", ".join(_CHOICES[name]))
        elif name in _NUMBERS:
            _expect(name, value, isinstance(value, (int, float)) and not isinstance(value, bool), "a number")
        else:
            _expect(name, value, isinstance(value, str), "a text")
        arguments += [f"{flag}={value}"]
    return arguments, on_error, options.get("metrics")


def _expect(name, value, fits, expected):
    if not fits:
        raise ValueError(f"precis: option {name} is {value!r}, expected {expected}")


def _command(command):
    command = command or os.environ.get("PRECIS_COMMAND") or "precis"
    return shlex.split(command) if isinstance(command, str) else [str(word) for word in command]


_shipped = set()


def _ship_this_file(spark):
    """Executors import this module by its name, so that the engines it keeps outlive a task."""
    context = spark.sparkContext
    if context.applicationId not in _shipped:
        context.addPyFile(os.path.abspath(__file__))
        _shipped.add(context.applicationId)


def _text_column(df, column):
    """The DataFrame to send and the name of its text column; an expression becomes a column that is dropped again."""
    if not isinstance(column, str):
        return df.withColumn(_EXPRESSION, column), _EXPRESSION
    if column not in df.columns:
        nearest = difflib.get_close_matches(column, df.columns, 1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise ValueError(f"precis: no column {column}, expected one of {', '.join(df.columns)}{hint}")
    return df, column


def _schema_with(schema, name, kind, text):
    from pyspark.sql.types import StringType, StructType

    if not isinstance(schema[text].dataType, StringType):
        raise ValueError(f"precis: column {text} is {schema[text].dataType.simpleString()}, expected a text (string)")
    added = StructType().add(name, _spark_type(kind))[name]
    fields = [added if field.name == name else field for field in schema.fields if field.name != _EXPRESSION]
    return StructType(fields if added in fields else [*fields, added])


def _task_function(words, text, name, on_error, metrics, workers_by_task):
    """What runs in each task. It calls this module by its name: cloudpickle sends a nested function by value, its module by reference."""

    def run(batches):
        import precis_spark

        return precis_spark._run_task(batches, words, text, name, on_error, metrics, workers_by_task)

    return run


def _run_task(batches, words, text, name, on_error, metrics, workers_by_task):
    from pyspark import TaskContext

    context = TaskContext.get()
    words = [_located(word) for word in words]
    if workers_by_task:
        words += [f"--workers={context.cpus() if context else 1}"]
    engine = None
    waiting = collections.deque()
    rows_waiting = row = 0
    try:
        for batch in batches:
            if batch.num_rows == 0:
                continue
            if engine is None:
                engine = _engine(words, metrics)
            engine.send(batch.column(batch.schema.get_field_index(text)))
            waiting.append(batch)
            rows_waiting += batch.num_rows
            while len(waiting) > _BATCHES_AHEAD or (len(waiting) > 1 and rows_waiting > _ROWS_AHEAD):
                batch = waiting.popleft()
                yield _answered(engine, batch, row, text, name, on_error, metrics)
                rows_waiting -= batch.num_rows
                row += batch.num_rows
        while waiting:
            batch = waiting.popleft()
            yield _answered(engine, batch, row, text, name, on_error, metrics)
            row += batch.num_rows
        engine = None
    finally:
        # A task that was given up leaves answers behind that the next one must not take for its own.
        if engine is not None:
            engine.end()


def _answered(engine, batch, first_row, text, name, on_error, metrics):
    details = engine.receive(batch.num_rows)
    errors = details.field("error")
    failed = batch.num_rows - errors.null_count
    if failed and on_error == "fail":
        at = next(i for i in range(len(errors)) if errors[i].is_valid)
        error = errors[at].as_py()
        raise RuntimeError(
            f"precis: row {first_row + at} (from 0) of this partition failed: {error['code']}: {error['message']}; "
            "mend it, or set on_error to 'null' or 'struct' to keep the others"
        )
    if metrics is not None:
        _count(metrics, batch.num_rows, details, failed)
    result = details if on_error == "struct" else details.field("summary")
    names = [field.name for field in batch.schema]
    columns = dict(zip(names, batch.columns))
    columns.pop(_EXPRESSION, None)
    columns[name] = result
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _count(metrics, rows, details, failed):
    import pyarrow.compute as pc

    def total(field):
        return pc.sum(details.field(field)).as_py() or 0

    metrics.rows.add(rows)
    metrics.null_rows.add(details.null_count)
    metrics.failed.add(failed)
    for name in ("input_tokens", "output_tokens", "truncated"):
        getattr(metrics, name).add(total(name))


def _located(word):
    """Where an archive that Spark shipped lies on this machine; also behind an option's name."""
    option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    if not value.startswith(_ARCHIVE):
        return word
    from pyspark import SparkFiles

    path = SparkFiles.get(value[len(_ARCHIVE):])
    if not os.path.exists(path):
        raise RuntimeError(f"precis: {value} is not at {path}, expected an archive added by spark.sparkContext.addArchive(\"FILE#NAME\")")
    return option + equals + path


# The engines of this Python worker by their command lines, the one used last at the end.
_engines = collections.OrderedDict()


def _engine(words, metrics):
    key = tuple(words)
    engine = _engines.pop(key, None)
    if engine is None or not engine.alive():
        while len(_engines) >= _MOST_ENGINES:
            _engines.popitem(last=False)[1].end()
        engine = _Engine(words)
        if metrics is not None:
            metrics.engine_starts.add(1)
    _engines[key] = engine
    return engine


class _Engine:
    """One `precis pipe` process with one Arrow stream each way that lasts for many tasks. It ends when its stdin does, however this process ends."""

    def __init__(self, words):
        self.words = words
        env = dict(os.environ)
        if sys.platform == "linux":
            # Large pages for weights and caches; glibc reads it only while a process starts.
            env.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
        pipe = subprocess.PIPE
        try:
            self.process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=env, bufsize=1 << 16)
        except OSError as error:
            raise RuntimeError(
                f"precis: {words[0]} cannot be started: {error.strerror}, expected the command of precis; name it by the option command"
            ) from None
        self.answers = None
        self.left = None
        self.stderr = collections.deque(maxlen=_STDERR_LINES)
        # Written by a thread, so that an engine that waits for its answers to be taken cannot block the taker.
        self.outbox = queue.SimpleQueue()
        self.threads = [threading.Thread(target=target, daemon=True) for target in (self._write, self._listen)]
        for thread in self.threads:
            thread.start()

    def alive(self):
        return self.process.poll() is None

    def send(self, texts):
        if texts.type != pa.string():
            texts = texts.cast(pa.string())
        self.outbox.put(pa.record_batch([texts], schema=_STREAM))

    def receive(self, rows):
        """The next answers: as many as were asked for, however the engine cut them."""
        parts = []
        missing = rows
        while missing > 0:
            if self.left is None or len(self.left) == 0:
                self.left = self._next()
            part = self.left.slice(0, missing)
            self.left = self.left.slice(len(part))
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)

    def end(self):
        for key in [key for key, engine in _engines.items() if engine is self]:
            del _engines[key]
        self.outbox.put(None)
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join()
        self.process.stdout.close()

    def _next(self):
        try:
            if self.answers is None:
                self.answers = pa.ipc.open_stream(self.process.stdout)
            answers = self.answers.read_next_batch().column(_RESULT)
        except (StopIteration, pa.ArrowException, OSError):
            raise self._failure() from None
        return answers.cast(_DETAILS_TYPE)

    def _failure(self):
        process = self.process
        try:
            status = process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            status = None
        self.end()
        how = "was killed by signal" if status is not None and status < 0 else "ended with status"
        what = "closed its output" if status is None else f"{how} {abs(status)}"
        said = "".join(f"\n  {line}" for line in self.stderr)
        return RuntimeError(f"precis: the engine process {process.pid} ({' '.join(self.words)}) {what}; the next attempt starts a new one{said}")

    def _write(self):
        stdin = self.process.stdin
        try:
            with pa.ipc.new_stream(stdin, _STREAM) as writer:
                while (batch := self.outbox.get()) is not None:
                    writer.write_batch(batch)
                    stdin.flush()
            stdin.close()
        except (OSError, ValueError, pa.ArrowException):
            # The engine is gone: whoever waits for its answers hears so.
            try:
                stdin.close()
            except OSError:
                pass

    def _listen(self):
        for line in self.process.stderr:
            text = line.decode("utf-8", "replace").rstrip()
            self.stderr.append(text)
            print(text, file=sys.stderr, flush=True)
        self.process.stderr.close()
