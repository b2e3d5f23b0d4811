from backend_people import Person


def test_who_signs_in_is_known_from_then_on(alice: Person) -> None:
    answer = alice.get("/auth/session")
    assert answer.status_code == 200
    assert answer.get_json()["message"] == "Signed in."
    assert answer.get_json()["data"]["username"] == "Alice"


def test_who_signs_out_is_a_stranger(alice: Person) -> None:
    assert alice.post("/auth/logout").get_json() == {"message": "Logged out successfully!"}
    assert not alice.is_signed_in()
