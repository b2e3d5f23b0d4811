"""Finding posts: heavy_computation ranks, Postgres has the posts."""
