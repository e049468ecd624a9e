"""Rough scores for the log of a training; the ones that count are those of `precis eval`."""

import re


def rouge_l(found, expected):
    a, b = words(found), words(expected)
    if not a or not b:
        return 0.0
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b):
            kept = row[j + 1]
            row[j + 1] = before + 1 if x == y else max(row[j + 1], row[j])
            before = kept
    precision, recall = row[-1] / len(a), row[-1] / len(b)
    return 0.0 if row[-1] == 0 else 2 * precision * recall / (precision + recall)


def lead_3(source):
    """What a text begins with, as a summary: the bar that a model has to clear."""
    return " ".join(re.split(r"(?<=[.!?])\s+", source.split(": ", 1)[1])[:3])


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def told_numbers(found, source):
    """The share of the numbers and codes of a text that its source has."""
    numbers = [part.strip(".,;:()") for part in found.split() if re.search(r"\d", part)]
    return 1.0 if not numbers else sum(number in source for number in numbers) / len(numbers)
