"""symspellpy: the five nearest words within two edits."""

from typing import Any

from symspellpy import SymSpell, Verbosity

from heavy_peers import task

MOST_EDITS = 2


def measure(given: dict[str, Any]) -> dict[str, Any]:
    speller = SymSpell(max_dictionary_edit_distance=MOST_EDITS)
    for word, count in given["vocabulary"].items():
        speller.create_dictionary_entry(word, count)

    def five(typed: str) -> list[str]:
        return [each.term for each in speller.lookup(typed, Verbosity.ALL, MOST_EDITS)[:5]]

    right = sum(word in five(typed) for typed, word in given["pairs"])
    taken = task.milliseconds_of_each(five, [typed for typed, _ in given["pairs"]])
    return {"right": right / len(given["pairs"]), "milliseconds": taken}


task.run(measure)
