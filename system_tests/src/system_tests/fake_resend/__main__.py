"""Runs the fake until it is interrupted: `python -m system_tests.fake_resend --port 9000`."""

import argparse
import signal
import threading

from system_tests.fake_resend.service import API_KEY, CALLS_PER_SECOND, FakeResend


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--calls-per-second", type=int, default=CALLS_PER_SECOND)
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with FakeResend(options.port, options.calls_per_second) as fake:
        print(f"RESEND_API_URL={fake.url} RESEND_API_KEY={API_KEY}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
