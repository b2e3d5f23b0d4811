"""`python -m peer.create_tables` makes the tables in DATABASE_URL."""

from peer.dependencies import engine
from peer.models import Post

if __name__ == "__main__":
    Post.metadata.create_all(engine)
