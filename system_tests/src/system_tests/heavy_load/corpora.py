"""The data sets, as lists of one-line texts."""

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from system_tests.heavy_load.paths import installed

# A post's content, in characters.
LONGEST_TEXT = 500
SEED = 1
# Rows of names, types and flags at the top of Orange's tables.
HEADING_ROWS = 3
# So many words of a long text make one line; more of them are left out.
WORDS_OF_LINE = 14
WORDS_TAKEN = 140

csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Judged:
    """Texts, queries, and for each query the numbers of the texts that answer it."""

    texts: list[str]
    queries: list[str]
    right: list[set[int]]


def one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())


def vaswani(folder: Path) -> Judged:
    documents = re.findall(
        r"<DOCNO>(\d+)</DOCNO>(.*?)</DOC>", (folder / "doc-text.trec").read_text(), re.DOTALL
    )
    queries = re.findall(
        r"<num>(\d+)</num><title>(.*?)</title>", (folder / "query-text.trec").read_text(), re.DOTALL
    )
    place_of = {number: place for place, (number, _) in enumerate(documents)}
    right: dict[str, set[int]] = {number: set() for number, _ in queries}
    for line in (folder / "qrels").read_text().splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0:
            right[query].add(place_of[document])
    return Judged(
        [one_line(text) for _, text in documents],
        [one_line(text).lower() for _, text in queries],
        [right[number] for number, _ in queries],
    )


def table(name: str, column: int) -> list[list[str]]:
    """Rows of one of Orange's tables that have the column."""
    path = installed(f"orangecontrib/text/datasets/{name}.tab")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))[HEADING_ROWS:]
    return [row for row in rows if len(row) > column and row[column].strip()]


def reuters() -> tuple[list[str], list[str]]:
    """Texts and their topics."""
    rows = table("reuters-r52-train", 1) + table("reuters-r52-test", 1)
    return [one_line(row[1])[:LONGEST_TEXT] for row in rows], [row[0] for row in rows]


def newsgroups() -> tuple[list[str], list[str]]:
    """Texts, and the groups that they were sent to."""
    rows = table("20newsgroups-train", 1) + table("20newsgroups-test", 1)
    return [one_line(row[1])[:LONGEST_TEXT] for row in rows], [row[0] for row in rows]


@dataclass(frozen=True)
class Compared:
    """Texts, how similar people found each two of them, and others that nobody compared."""

    texts: list[str]
    similarities: list[list[float]]
    background: list[str]


def lee() -> Compared:
    folder = "gensim/test/test_data"
    texts, background = (
        [one_line(text) for text in installed(f"{folder}/{name}").read_text("latin-1").splitlines()]
        for name in ("lee.cor", "lee_background.cor")
    )
    lines = installed(f"{folder}/similarities0-1.txt").read_text().splitlines()
    return Compared(texts, [[float(one) for one in row.split()] for row in lines], background)


def short_messages(folder: Path, shortest: int) -> list[str]:
    rows = (folder / "sms-spam.tsv").read_text(encoding="utf-8").splitlines()[1:]
    texts = [one_line(row.partition("\t")[2])[:LONGEST_TEXT] for row in rows]
    return list({text.casefold(): text for text in texts if len(text) >= shortest}.values())


def misspellings() -> list[tuple[str, str]]:
    """What was typed, and the one word that was meant."""
    lines = installed("codespell_lib/data/dictionary.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("->") for line in lines)
    return [
        (typed, word) for typed, _, word in pairs if word.isalpha() and "," not in word and typed
    ]


def synthetic(count: int) -> list[str]:
    """Posts of real lines, joined to 100 to 500 characters; the same for each run."""
    chance = random.Random(SEED)
    lines = _real_lines()
    texts = []
    for _ in range(count):
        length, text = chance.randint(100, 400), ""
        while len(text) < length:
            text += " " + chance.choice(lines)
        texts.append(text.strip()[:LONGEST_TEXT].strip())
    return texts


def _real_lines() -> list[str]:
    lines = [row[5] for row in table("friends-transcripts", 5)]
    lines += [row[9] for row in table("election-tweets-2016", 9)]
    for name in ("20newsgroups-train", "20newsgroups-test", "reuters-r52-train"):
        for row in table(name, 1):
            words = row[1].split()[:WORDS_TAKEN]
            lines += [
                " ".join(words[at : at + WORDS_OF_LINE])
                for at in range(0, len(words), WORDS_OF_LINE)
            ]
    return [line for line in map(one_line, lines) if len(line) > 8]
