#!/usr/bin/env bash
# Renews requirements.lock (everything for development) and, within its versions, a lock for each image.
set -euo pipefail

uv=$1
compile=("$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header)
"${compile[@]}" --upgrade --group development -o requirements.lock pyproject.toml ./*/pyproject.toml deploy/backups/pyproject.toml
for service in backend_server mailer deploy/backups; do
  "${compile[@]}" --constraints requirements.lock -o "$service/requirements.lock" "$service/pyproject.toml"
done
"${compile[@]}" --constraints requirements.lock -o proto/requirements.lock proto/requirements.in
