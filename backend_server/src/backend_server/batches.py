"""Questions of threads that ask at the same time, answered together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Generic, TypeVar

from backend_server.shared_result import SharedResult

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Batch(Generic[Question, Answer]):
    questions: list[Question] = field(default_factory=list)
    answers: SharedResult[Sequence[Answer]] = field(default_factory=SharedResult)


class Batches(Generic[Question, Answer]):
    """While one batch is being answered, the next one gathers.

    Saves round trips, and even more the switching between threads that every wait costs. An answer
    is never older than its question.
    """

    def __init__(self, answer_all: Callable[[Sequence[Question]], Sequence[Answer]]) -> None:
        """`answer_all` gives as many answers as it gets questions, in their order."""
        self._answer_all: Final = answer_all
        self._lock: Final = Lock()
        self._turn: Final = Lock()
        self._gathering: _Batch[Question, Answer] | None = None

    def ask(self, question: Question) -> Answer:
        """An error is raised in every thread whose question was in the batch."""
        with self._lock:
            is_first = self._gathering is None
            batch = self._gathering = self._gathering or _Batch()
            place = len(batch.questions)
            batch.questions.append(question)
        if is_first:
            with self._turn:
                with self._lock:
                    self._gathering = None
                self._answer(batch)
        return batch.answers.get()[place]

    def _answer(self, batch: _Batch[Question, Answer]) -> None:
        try:
            answers = self._answer_all(batch.questions)
        except BaseException as error:  # whatever it is, the other threads wait for it
            batch.answers.fail(error)
        else:
            batch.answers.succeed(answers)
