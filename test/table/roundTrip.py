"""Makes a table of one column a type, and compares what came back. Called by roundTrip.test.ts:
    make FOLDER        writes table.parquet, table.arrow and table.arrows, and the Parquet compressions
    compare A B ADDED  prints nothing if B is A with the text column ADDED behind it
"""
import datetime as dt, decimal, sys
import numpy as np
import pyarrow as pa, pyarrow.parquet as pq

D = decimal.Decimal
ROWS = 7


def columns():
    ints = pa.array([1, None, -3, 0, 2**40, 6, -(2**40)], pa.int64())
    days = [dt.date(2020, 1, 1), None, dt.date(1969, 12, 31), dt.date(9999, 12, 31), dt.date(1, 1, 1), dt.date(2000, 2, 29), dt.date(1970, 1, 1)]
    texts = ["a", None, "", "f\u00fcnf \U0001F600", "\u05e9\u05dc\u05d5\u05dd", "\ufeffmarked", "word " * 1000]
    blobs = [b"a", None, b"", b"\xff\x00", b"x" * 20, b"1", b"2"]
    money = [D("1.5"), None, D("-2.25"), D("0"), D("99999.99"), D("1"), D("2")]
    lists = [["a", "b"], None, [], [None, "c"], ["d"], [], ["e"] * 3]
    small = pa.array([0, None, 1, 0, 2, 1, 0], pa.int8())
    found = {}
    for bits in (8, 16, 32, 64):
        found[f"int{bits}"] = pa.array([1, None, -3, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), 0, 5], getattr(pa, f"int{bits}")())
        found[f"uint{bits}"] = pa.array([1, None, 3, 2**bits - 1, 0, 0, 5], getattr(pa, f"uint{bits}")())
    found["float16"] = pa.array([np.float16(x) if x is not None else None for x in (1.5, None, -2, 0, 65504, 6e-8, 3)], pa.float16())
    found["float32"] = pa.array([1.5, None, -0.0, float("nan"), float("inf"), 1e-40, 3], pa.float32())
    found["float64"] = pa.array([1.5, None, -0.0, float("nan"), float("-inf"), 1e-310, 3], pa.float64())
    found["bool"] = pa.array([True, None, False, True, True, False, None])
    found["text"] = pa.array(texts, pa.string())
    found["large_text"] = pa.array(texts, pa.large_string())
    found["binary"] = pa.array(blobs, pa.binary())
    found["large_binary"] = pa.array(blobs, pa.large_binary())
    found["fixed_binary"] = pa.array([b"abcd", None, b"\0\1\2\3", b"zzzz", b"1234", b"5678", None], pa.binary(4))
    found["date32"] = pa.array(days, pa.date32())
    found["time32_ms"] = pa.array([1, None, 3, 0, 5, 6, 86399], pa.int32()).cast(pa.time32("ms"))
    for unit in ("us", "ns"):
        found[f"time64_{unit}"] = pa.array([1, None, 3, 0, 5, 6, 86399], pa.int64()).cast(pa.time64(unit))
    for unit in ("ms", "us", "ns"):
        found[f"stamp_{unit}"] = ints.cast(pa.timestamp(unit))
        found[f"stamp_{unit}_zone"] = ints.cast(pa.timestamp(unit, "Europe/Berlin"))
        found[f"duration_{unit}"] = ints.cast(pa.duration(unit))
    found["decimal128"] = pa.array(money, pa.decimal128(38, 2))
    found["decimal256"] = pa.array([D("9" * 50 + ".99"), *money[1:]], pa.decimal256(60, 2))
    found["list"] = pa.array(lists, pa.list_(pa.string()))
    found["large_list"] = pa.array(lists, pa.large_list(pa.string()))
    found["empty_lists"] = pa.array([[]] * ROWS, pa.list_(pa.string()))
    found["fixed_list"] = pa.array([[1, 2], None, [3, None], [4, 5], [6, 7], [8, 9], [0, 0]], pa.list_(pa.int32(), 2))
    found["struct"] = pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}, {"a": 3}, {"a": 4, "b": ""}, {"a": 5, "b": "z"}, None], pa.struct([("a", pa.int64()), ("b", pa.string())]))
    deep = pa.list_(pa.struct([("a", pa.list_(pa.int32())), ("b", pa.string())]))
    found["deep"] = pa.array([[{"a": [1, 2], "b": "x"}], None, [], [None, {"a": None, "b": "y"}], [{"a": []}], [], []], deep)
    found["map"] = pa.array([[("k", 1)], None, [], [("a", None), ("b", 2)], [], [], [("z", 9)]], pa.map_(pa.string(), pa.int64()))
    found["dictionary"] = pa.DictionaryArray.from_arrays(small, pa.array(["x", "y", "z"]))
    found["ordered"] = pa.DictionaryArray.from_arrays(small, pa.array(["low", "mid", "high"]), ordered=True)
    found["dictionary_within"] = pa.StructArray.from_arrays([found["dictionary"]], ["d"])
    found["nothing"] = pa.nulls(ROWS)
    found["all_null"] = pa.array([None] * ROWS, pa.string())
    found["never_null"] = pa.array(range(ROWS), pa.int64())
    return found


def table():
    found = columns()
    fields = [pa.field(name, array.type, nullable=name != "never_null", metadata={"note": f"of {name}"}) for name, array in found.items()]
    return pa.table(list(found.values()), schema=pa.schema(fields, metadata={"origin": "python", "note": "of the table"}))


def make(folder):
    whole = table()
    # Sliced arrays, in batches of several sizes, with nothing but nulls in some.
    parts = pa.concat_tables([whole, whole.slice(1, 5), whole.slice(1, 1), whole.slice(3)] * 20)
    pq.write_table(parts, f"{folder}/table.parquet", row_group_size=50)
    for name, new in (("table.arrow", pa.ipc.new_file), ("table.arrows", pa.ipc.new_stream)):
        with new(f"{folder}/{name}", parts.schema) as writer:
            for batch in parts.combine_chunks().to_batches(max_chunksize=50):
                writer.write_batch(batch.slice(1))
                writer.write_batch(batch.slice(0, 1))
    none = whole.slice(0, 0)
    pq.write_table(none, f"{folder}/empty.parquet")
    for name, new in (("empty.arrow", pa.ipc.new_file), ("empty.arrows", pa.ipc.new_stream)):
        with new(f"{folder}/{name}", none.schema):
            pass
    small = parts.select(["int64", "text", "list", "dictionary"])
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        pq.write_table(small, f"{folder}/codec-{codec}.parquet", compression=codec, row_group_size=50)
    with pa.ipc.new_file(f"{folder}/codec-lz4.arrow", small.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(small, max_chunksize=50)


def read(path):
    if path.endswith(".parquet"):
        return pq.read_table(path)
    with (pa.ipc.open_file if path.endswith(".arrow") else pa.ipc.open_stream)(path) as reader:
        return reader.read_all()


def shown(column):
    try:
        return str(column.to_pylist())
    except (OverflowError, ValueError):
        return str(column.cast(pa.int64()).to_pylist())


def compare(before, after, added):
    a, b = read(before), read(after)
    if b.column_names != a.column_names + [added]:
        print("columns", b.column_names)
    if (a.schema.metadata or {}) != (b.schema.metadata or {}):
        print("metadata", a.schema.metadata, b.schema.metadata)
    for name in a.column_names:
        x, y = a.schema.field(name), b.schema.field(name)
        if x.type != y.type or x.nullable != y.nullable or x.metadata != y.metadata:
            print("field", x, x.metadata, y, y.metadata)
        elif shown(a.column(name)) != shown(b.column(name)):
            print("values of", name, shown(a.column(name))[:300], shown(b.column(name))[:300])
        b.column(name).validate(full=True)
    expected = [None if text is None else f"{text}!" for text in a.column("text").to_pylist()]
    if b.column(added).to_pylist() != expected:
        print("values of", added)


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    compare(*sys.argv[2:])
