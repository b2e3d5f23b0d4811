"""What Traefik does before anything of ours is asked. Bars S12 and S13, through TLS."""

import socket
import ssl
from functools import partial

import httpx
import pytest
from installed import HTTP_PORT, HTTPS_PORT, REQUEST_SECONDS, Installed
from system_tests.waiting import wait_until

KIB = 1024
JSON = {"Content-Type": "application/json"}
# Of every answer, whoever gave it.
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def test_http_is_sent_on_to_https(installed: Installed) -> None:
    answer = httpx.get(f"http://localhost:{HTTP_PORT}/posts/1?a=b")
    assert answer.status_code in (301, 308)
    assert answer.headers["Location"] == f"{installed.url}/posts/1?a=b"


def test_the_certificate_is_of_the_authority_that_was_installed(installed: Installed) -> None:
    with installed.visitor() as visitor:
        assert visitor.get("/").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(installed.url)


def test_tls_older_than_1_2_is_refused(installed: Installed) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert installed.url
    with (
        socket.create_connection(("localhost", HTTPS_PORT)) as connection,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(connection)


def test_every_answer_carries_the_headers_that_protect_it(installed: Installed) -> None:
    with installed.visitor() as visitor:
        paths = visitor.get("/api/openapi.json").json()["paths"]
        safe = [f"/api{path}" for path, methods in paths.items() if "get" in methods]
        pages = [
            "/",
            "/search",
            "/posts/nothing",
            "/assets/nothing.js",
            "/robots.txt",
            "/api/nothing",
        ]
        for path in [*pages, *safe]:
            headers = visitor.get(path.replace("{", "").replace("}", "")).headers
            assert headers["Strict-Transport-Security"] == STRICT_TRANSPORT, path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert "Referrer-Policy" in headers, path
            assert not any(letter.isdigit() for letter in headers.get("Server", "")), path


def test_an_answer_is_compressed_for_who_asks_for_it(installed: Installed) -> None:
    with installed.visitor() as visitor:
        for path in ("/", "/api/openapi.json"):
            answer = visitor.get(path, headers={"Accept-Encoding": "gzip"})
            assert answer.headers["Content-Encoding"] == "gzip", path
            plain = visitor.get(path, headers={"Accept-Encoding": "identity"})
            assert "Content-Encoding" not in plain.headers, path


def test_a_page_names_what_it_needs_before_its_first_byte(installed: Installed) -> None:
    post = "01a22794-822c-702b-a310-6307e506921d"
    with installed.visitor() as visitor:
        assert "</api/posts?limit=20>; rel=preload" in visitor.get("/").headers["Link"]
        for_post = visitor.get(f"/posts/{post}?from=mail").headers["Link"]
        assert f"</api/posts/{post}>; rel=preload" in for_post
        code = for_post.split(">")[0].removeprefix("<")
        assert "/javascript" in visitor.get(code).headers["Content-Type"]
        found = visitor.get("/search?q=%23quay").headers["Link"]
        assert "</api/search/posts?q=%23quay&order=relevance&limit=20>" in found
        for path in ("/people", "/posts/nothing", "/search%3E", "/assets/nothing.js"):
            assert "Link" not in visitor.get(path).headers, path


def test_a_body_over_64_kib_is_refused_in_the_apis_own_words(installed: Installed) -> None:
    with installed.visitor() as visitor:
        largest = visitor.post("/api/posts", content=b" " * 64 * KIB, headers=JSON)
        assert largest.status_code != 413
        larger = visitor.post("/api/posts", content=b" " * (64 * KIB + 1), headers=JSON)
    assert larger.status_code == 413
    assert larger.json()["code"] == "body_too_large"


@pytest.mark.parametrize(
    "path", ["/dashboard/", "/api/rawdata", "/api/overview", "/ping", "/metrics"]
)
def test_nothing_of_traefiks_own_is_shown(installed: Installed, path: str) -> None:
    with installed.visitor() as visitor:
        answer = visitor.get(path)
    assert "traefik" not in answer.text.lower()
    if path.startswith("/api/"):
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


def test_the_inbox_is_shown_to_this_machine_and_under_its_name_only(installed: Installed) -> None:
    bindings = installed.containers()["traefik"]["HostConfig"]["PortBindings"]["8025/tcp"]
    assert {each["HostIp"] for each in bindings} == {"127.0.0.1"}
    assert httpx.get(installed.inbox_url).status_code == 200
    foreign = httpx.get(installed.inbox_url, headers={"Host": "evil.example"})
    assert foreign.status_code == 404


def test_while_no_backend_lives_the_api_says_so_in_its_own_words(installed: Installed) -> None:
    installed.compose("stop", "backend_server")
    try:
        with installed.visitor() as visitor:
            for method in ("GET", "POST"):
                answer = visitor.request(method, "/api/posts", headers=JSON)
                assert answer.status_code == 503
                assert answer.json()["code"] == "backend_unavailable"
                assert answer.headers["Retry-After"]
            assert visitor.get("/").status_code == 200
    finally:
        installed.compose("up", "--detach", "--wait")


def test_a_part_that_is_down_is_named(installed: Installed) -> None:
    installed.compose("stop", "redis")
    try:
        with installed.visitor() as visitor:
            ready = visitor.get("/api/health/ready")
        status = installed.try_to_operate("status")
    finally:
        installed.compose("restart", "redis")
        # Compose starts nothing that waits for a part whose last health check went badly.
        healthy = partial(installed.is_healthy, "backend_server")
        wait_until(healthy, "the API is well again", REQUEST_SECONDS)
    assert ready.status_code == 503
    assert ready.json()["data"]["redis"] == "down"
    assert ready.json()["data"]["postgres"] == "ok"
    assert status.returncode == 1
    assert any(line.split()[:2] == ["down", "redis"] for line in status.stdout.splitlines())


def test_one_address_does_not_take_all_there_is(installed: Installed) -> None:
    installed.change_settings({"REQUESTS_PER_SECOND": "1"})
    try:
        with installed.visitor() as visitor:
            answers = [visitor.get("/robots.txt") for _ in range(60)]
    finally:
        installed.change_settings({"REQUESTS_PER_SECOND": "2000"})
    refused = [answer for answer in answers if answer.status_code == 429]
    # Four may come at once; how many more depends on how long it all took.
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert refused
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert all(
        answer.headers["Strict-Transport-Security"] == STRICT_TRANSPORT for answer in refused
    )
