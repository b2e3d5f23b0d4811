#!/usr/bin/env bash
# Generates the Python side of the service contracts into the given folder.
set -euo pipefail

python=$1
output=$2
draft=$output.new
rm -rf "$draft"
mkdir -p "$draft"
# Messages' own types (google/protobuf/*.proto) come with the generator.
bundled=$("$python" -c 'import importlib.resources; print(importlib.resources.files("grpc_tools") / "_proto")')
PATH=$(dirname "$python"):$PATH "$python" -m grpc_tools.protoc \
  -Iservice_contracts=proto -I"$bundled" \
  --python_out="$draft" --pyi_out="$draft" --grpc_python_out="$draft" --mypy_grpc_out="quiet:$draft" \
  proto/*/v1/*.proto
rm -rf "$output"
mv "$draft" "$output"
