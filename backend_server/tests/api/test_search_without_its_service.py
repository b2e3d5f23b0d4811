from backend_people import Person


def test_search_says_that_it_is_down_and_the_rest_works(alice: Person) -> None:
    answer = alice.get("/search/posts?q=owl")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "search_unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    alice.write("Owls")
    assert alice.get("/posts").get_json()["data"][0]["title"] == "Owls"
