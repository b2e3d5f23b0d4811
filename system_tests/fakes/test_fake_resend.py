"""The fake must fail a wrong client, or tests against it prove nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from system_tests.fake_resend import API_KEY, FakeResend

MAIL = {"from": "a@decoupled.dev", "to": ["b@decoupled.dev"], "subject": "Hello", "text": "Hi"}


class Client:
    def __init__(self, fake: FakeResend) -> None:
        self.fake = fake
        self._http = httpx.Client(base_url=fake.url, trust_env=False)

    def send(self, mails: Any, key: str = "key", **headers: str) -> httpx.Response:
        return self._http.post(
            "/emails/batch",
            content=json.dumps(mails),
            headers={"Authorization": f"Bearer {API_KEY}", "Idempotency-Key": key} | headers,
        )

    def request(self, method: str, path: str, content: Any = None) -> httpx.Response:
        return self._http.request(method, path, json=content)

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def client() -> Iterator[Client]:
    with FakeResend(calls_per_second=100) as fake:
        client = Client(fake)
        yield client
        client.close()


def error_name(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["name"]


def test_the_same_key_and_body_get_the_first_answer_and_send_nothing(client: Client) -> None:
    first, second = client.send([MAIL]), client.send([MAIL])

    assert first.json() == second.json()
    assert [(mail.recipient, mail.count) for mail in client.fake.accepted()] == [
        ("b@decoupled.dev", 1)
    ]


def test_the_same_key_with_another_body_is_refused(client: Client) -> None:
    client.send([MAIL])

    assert error_name(client.send([MAIL | {"subject": "Other"}])) == (
        409,
        "invalid_idempotent_request",
    )


def test_the_same_key_while_it_is_in_progress_is_refused(client: Client) -> None:
    client.fake.misbehave({"answer": "slow", "seconds": 1})

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(client.send, [[MAIL], [MAIL]]))

    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("key", ["", "k" * 257])
def test_a_key_is_required(client: Client, key: str) -> None:
    assert error_name(client.send([MAIL], key)) == (400, "invalid_idempotency_key")


def test_the_api_key_is_checked(client: Client) -> None:
    assert error_name(client.send([MAIL], Authorization="")) == (401, "missing_api_key")
    assert error_name(client.send([MAIL], Authorization="Bearer no")) == (403, "invalid_api_key")


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": ["nobody"]},
        {"to": ["b@example.com"]},
        {"from": "nobody"},
        {"text": ""},
        {"headers": {"X-Name": "a\r\nBcc: eve@decoupled.dev"}},
        {"attachments": []},
    ],
)
def test_a_wrong_mail_stops_a_strict_batch_and_not_a_permissive_one(
    client: Client, wrong: dict[str, Any]
) -> None:
    batch = [MAIL, MAIL | wrong]

    strict = client.send(batch, "1")
    permissive = client.send(batch, "2", **{"x-batch-validation": "permissive"})

    assert error_name(strict) == (422, "validation_error")
    assert len(permissive.json()["data"]) == 1
    assert [error["index"] for error in permissive.json()["errors"]] == [1]
    assert len(client.fake.accepted()) == 1


def test_more_calls_than_the_limit_are_told_to_wait() -> None:
    with FakeResend(calls_per_second=2) as fake:
        client = Client(fake)
        answers = [client.send([MAIL], str(number)) for number in range(3)]
        client.close()

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[1].headers["ratelimit-remaining"] == "0"
    assert int(answers[2].headers["retry-after"]) == 1


def test_it_is_scripted_and_read_over_http(client: Client) -> None:
    client.request("POST", "/_control", {"answers": [{"answer": "html"}]})

    assert client.send([MAIL]).status_code == 503
    assert client.send([MAIL]).status_code == 200
    [mail] = client.request("GET", "/_accepted").json()["data"]
    assert (mail["recipient"], mail["key"], mail["subject"]) == ("b@decoupled.dev", "key", "Hello")
    assert [call["status"] for call in client.request("GET", "/_calls").json()["data"]] == [
        503,
        200,
    ]


def test_an_unknown_script_is_refused(client: Client) -> None:
    answer = client.request("POST", "/_control", {"answers": [{"answer": "dance"}]})

    assert answer.status_code == 422
