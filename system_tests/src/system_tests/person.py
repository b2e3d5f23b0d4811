"""A member at their own browser."""

from system_tests.answers import assert_succeeded
from system_tests.members import Member, new_member
from system_tests.visitor import Visitor


class Person(Visitor):
    """A visitor who has an account."""

    def __init__(self, url: str, member: Member) -> None:
        super().__init__(url)
        self.member = member

    @classmethod
    def signed_up(cls, url: str, name: str) -> "Person":
        """Registers somebody new, without signing in."""
        person = cls(url, new_member(name))
        assert_succeeded(person.register(person.member), 201, "User registered successfully!")
        return person

    @classmethod
    def signed_in(cls, url: str, name: str) -> "Person":
        """Registers somebody new and signs them in."""
        person = cls.signed_up(url, name)
        person.sign_in()
        return person

    def sign_in(self) -> None:
        assert_succeeded(self.login(self.member), 200, "Logged in succesfully!")
