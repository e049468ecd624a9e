"""The line protocol of bench/protocol.ts for peers in Python."""

import json
import os
import sys
import time


def settings():
    return json.loads(sys.argv[1])


def serve(prepare, generate):
    """`prepare(ids of all documents)` is not timed; `generate(what it returned)` is, and gives a function that returns the ids."""
    # Libraries print to stdout now and then; only answers may.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    documents = None
    reply({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "load":
            documents = prepare(request["documents"])
            reply({"loaded": len(request["documents"])})
        else:
            start = time.perf_counter()
            outputs = generate(documents)
            seconds = time.perf_counter() - start
            reply({"seconds": seconds, "outputs": outputs()})


def batches(documents, size):
    """Places of the documents in batches of like length, longest first."""
    order = sorted(range(len(documents)), key=lambda i: -len(documents[i]))
    return [order[i : i + size] for i in range(0, len(order), size)]
