-- Runs once, on an empty data folder, as the superuser, whom no service is.

-- backend_server, worker and migrate: owns the database.
\set decoupled_password `cat /run/secrets/decoupled_password`
create role decoupled login password :'decoupled_password';
alter database decoupled owner to decoupled;

-- heavy_computation: reads what the migrations grant to published_reader, the schema `published`.
\set heavy_computation_password `cat /run/secrets/heavy_computation_password`
create role published_reader nologin;
create role heavy_computation login password :'heavy_computation_password' in role published_reader;
alter role heavy_computation set default_transaction_read_only = on;
