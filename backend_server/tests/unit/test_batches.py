import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest

from backend_server.batches import Batches

ASKS = 200


def test_every_thread_gets_the_answer_to_its_own_question_from_a_shared_batch() -> None:
    sizes = []

    def double(numbers: Sequence[int]) -> list[int]:
        sizes.append(len(numbers))
        time.sleep(0.001)
        return [2 * number for number in numbers]

    batches = Batches(double)
    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(batches.ask, range(ASKS))) == [2 * each for each in range(ASKS)]
    assert sum(sizes) == ASKS
    assert max(sizes) > 1


def test_a_question_is_answered_after_it_was_asked() -> None:
    written = 0
    writing = Lock()

    def read(questions: Sequence[int]) -> list[int]:
        seen = written
        time.sleep(0.0005)
        return [seen] * len(questions)

    batches = Batches(read)

    def is_fresh(_number: int) -> bool:
        nonlocal written
        with writing:
            least = written = written + 1
        return batches.ask(0) >= least

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(is_fresh, range(ASKS)))


def test_an_error_reaches_who_shared_the_batch_and_nobody_after() -> None:
    fails = True

    def answer(questions: Sequence[str]) -> Sequence[str]:
        if fails:
            raise ConnectionError
        return questions

    batches = Batches(answer)
    with ThreadPoolExecutor(5) as threads:
        for asked in [threads.submit(batches.ask, "anybody?") for _ in range(5)]:
            with pytest.raises(ConnectionError):
                asked.result()
    fails = False
    assert batches.ask("anybody?") == "anybody?"
