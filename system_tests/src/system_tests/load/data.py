"""The same 1,000 members and 20,000 posts for both servers."""

import argon2
import psycopg

MEMBERS = 1_000
POSTS = 20_000

# The password hash is none: these members never sign in.
_OURS = f"""
    insert into users (username, username_key, email, email_key, password_hash)
    select 'member_' || n, 'member_' || n, 'member_' || n || '@decoupled.dev',
           'member_' || n || '@decoupled.dev', 'none'
    from generate_series(1, {MEMBERS}) n;

    insert into posts (author_id, title, content, tags, created_at)
    select members.id, 'Post ' || n || ' about nothing much',
           repeat('Words that fill a post of an ordinary length. ', 4) || n, '{{words,ordinary}}',
           now() - ({POSTS} - n) * interval '1 second'
    from generate_series(1, {POSTS}) n
    join (select id, row_number() over () as place from users) members
      on members.place = n % {MEMBERS} + 1
    order by n;

    analyze;
"""

_READ = {
    "users": "select id, username, email, '' from users",
    "posts": "select id, author_id, title, content, language, tags, created_at, updated_at"
    " from posts",
}
_WRITE = {
    "users": "copy users (id, username, email, hashed_password) from stdin",
    "posts": "copy posts (id, author_id, title, content, language, tags, created_at, updated_at)"
    " from stdin",
}


def fill_ours(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(_OURS)


def copy_to_peer(our_url: str, peer_url: str) -> None:
    with psycopg.connect(our_url) as ours, psycopg.connect(peer_url) as peer:
        for table, query in _READ.items():
            with peer.cursor().copy(_WRITE[table]) as copy:
                for row in ours.execute(query):
                    copy.write_row(row)
        peer.commit()
        peer.autocommit = True
        peer.execute("vacuum analyze")


def add_who_signs_in(peer_url: str, password: str) -> None:
    """Members of the peer: `equal` with our parameters of Argon2, `default` with pwdlib's.

    https://github.com/frankie567/pwdlib takes argon2-cffi's own defaults.
    """
    hashers = {
        "equal": argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1),
        "default": argon2.PasswordHasher(),
    }
    with psycopg.connect(peer_url) as peer:
        for name, hasher in hashers.items():
            peer.execute(
                """insert into users (id, username, email, hashed_password)
                   values (gen_random_uuid(), %s, %s, %s)""",
                [name, f"{name}@decoupled.dev", hasher.hash(password)],
            )
