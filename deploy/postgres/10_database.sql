-- Runs once, on an empty data folder, as the superuser, whom no service is.

-- backend_server, worker and migrate: the owner. Text sorts by code point, the same with every version of the C library.
\set decoupled_password `cat /run/secrets/decoupled_password`
create role decoupled login password :'decoupled_password';
create database decoupled owner decoupled template template0
    encoding 'UTF8' locale 'C' locale_provider builtin builtin_locale 'C.UTF-8';

-- heavy_computation: reads what the migrations grant to published_reader, the schema `published`.
\set heavy_computation_password `cat /run/secrets/heavy_computation_password`
create role published_reader nologin;
create role heavy_computation login password :'heavy_computation_password' in role published_reader;
alter role heavy_computation set default_transaction_read_only = on;
