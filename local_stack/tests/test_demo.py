from local_stack.demo.stories import Person, read_closing_posts, read_people

# As in the API: code points.
LONGEST_TITLE = 100
LONGEST_CONTENT = 500
LONGEST_BIO = 300


def people() -> dict[str, Person]:
    return {person.username: person for person in read_people()}


def test_everybody_follows_somebody_who_exists_and_not_themselves() -> None:
    everybody = people()
    for person in everybody.values():
        assert person.follows
        assert set(person.follows) <= everybody.keys() - {person.username}


def test_every_post_is_as_short_as_the_api_wants_it() -> None:
    stories = [story for person in read_people() for story in person.posts]
    stories += [closing_post.story for closing_post in read_closing_posts()]
    assert len(stories) > 80
    for story in stories:
        assert 0 < len(story.title) <= LONGEST_TITLE
        assert 0 < len(story.content) <= LONGEST_CONTENT
    assert all(len(person.bio) <= LONGEST_BIO for person in read_people())


def test_people_write_in_english_and_in_spanish() -> None:
    assert {person.language for person in read_people()} == {"en", "es"}


def test_the_closing_posts_have_readers() -> None:
    followed = {author for person in read_people() for author in person.follows}
    assert {closing_post.author for closing_post in read_closing_posts()} <= followed


def test_nobody_has_an_address_that_could_be_somebodys() -> None:
    assert all(person.email.endswith(".example") for person in read_people())
