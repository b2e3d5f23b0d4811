from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from mailer.inbox import messages
from mailer.outbox_folder import OutboxFolder
from mailer_requests import new_post, readers, reset_code, wren
from running_mailer import outbox_settings, running_mailer


def test_a_restart_keeps_the_mails_and_still_sends_nothing_twice(
    tmp_path: Path, outbox: OutboxFolder
) -> None:
    settings, request = outbox_settings(tmp_path / "outbox"), new_post(to=readers(5))
    with running_mailer(settings) as caller:
        first = caller.send(request)

    with running_mailer(settings) as caller:
        second = caller.send(request)

    assert first == second
    assert len(outbox.newest(100)) == 5


def test_a_failed_call_is_finished_by_the_next_try(tmp_path: Path, outbox: OutboxFolder) -> None:
    folder, request = tmp_path / "outbox", new_post(to=readers(5))
    with running_mailer(outbox_settings(folder)) as caller:
        folder.rename(tmp_path / "away")
        with pytest.raises(grpc.RpcError) as failure:
            caller.send(request)
        (tmp_path / "away").rename(folder)
        caller.send(request)

    assert failure.value.code() is grpc.StatusCode.UNAVAILABLE
    assert len(outbox.newest(100)) == 5


def test_writing_at_once_leaves_one_whole_file(outbox: OutboxFolder, tmp_path: Path) -> None:
    content = b"Subject: long\r\n\r\n" + b"x" * 1_000_000

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: outbox.add("id", "wren@decoupled.dev", content), range(32)))

    [file] = (tmp_path / "outbox").iterdir()
    assert file.read_bytes() == content


def test_mails_come_newest_first_and_by_address_in_any_case(outbox: OutboxFolder) -> None:
    for number, address in enumerate(["a@decoupled.dev", "b@decoupled.dev", "A@decoupled.dev"]):
        outbox.add(f"mail{number}", address, b"")

    assert [mail.id for mail in outbox.newest(2)] == ["mail2", "mail1"]
    assert [mail.id for mail in outbox.newest(9, "a@Decoupled.dev")] == ["mail2", "mail0"]
    assert outbox.find("mail1") is not None
    assert outbox.find("mail3") is None


def test_an_address_in_any_script_is_kept_as_it_is(tmp_path: Path, outbox: OutboxFolder) -> None:
    address = "münze@böse.example"

    with running_mailer(outbox_settings(tmp_path / "outbox")) as caller:
        caller.send(reset_code(to=wren(address)))

    [mail] = messages.newest(outbox, 1, address)
    assert mail.to == address
