"""A Resend for tests: strict about requests, honest about keys and limits, faulty on demand.

In a test: `with FakeResend() as fake: …fake.url…`.
From a shell: `python -m system_tests.fake_resend --port 9000`.
"""

from system_tests.fake_resend.service import API_KEY, FakeResend

__all__ = ["API_KEY", "FakeResend"]
