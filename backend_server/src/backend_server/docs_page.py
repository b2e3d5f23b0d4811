"""`/openapi.json`, and `/docs`: the same for people, without scripts or anything foreign."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any, Final

import orjson
from flask import Response, render_template_string, request
from flask_openapi.openapi import OpenAPI

from backend_server.api_document import document_of

STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
summary { cursor: pointer; padding: .4rem 0 } code { font: 14px ui-monospace, monospace }
summary code:first-child { display: inline-block; min-width: 4.5rem; font-weight: 700 }
pre { overflow: auto; background: #f3f3f0; padding: 1rem; border-radius: .4rem }
table { border-collapse: collapse } td { padding: .1rem 1rem .1rem 0; vertical-align: top }
"""
STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ document.info.title }} API</title>
<style>{{ style | safe }}</style>
<h1>{{ document.info.title }} API {{ document.info.version }}</h1>
<p>For programs: <a href="{{ up }}openapi.json">openapi.json</a></p>
{% for path, methods in document.paths.items() %}{% for method, operation in methods.items() %}
<details id="{{ operation.operationId }}">
<summary><code>{{ method | upper }}</code> <code>{{ path }}</code> {{ operation.summary }}</summary>
{% if operation.parameters %}<table>{% for each in operation.parameters %}
<tr><td><code>{{ each.name }}</code><td>{{ each.in }}<td>{{ each.description or "" }}</tr>
{% endfor %}</table>{% endif %}
{% if operation.requestBody %}<p>Body</p>
<pre><code>{{ operation.requestBody | name_of_schema }}</code></pre>{% endif %}
<table>{% for status, each in operation.responses.items() %}
<tr><td><code>{{ status }}</code><td>{{ each.description }}<td>{{ each | name_of_schema }}</tr>
{% endfor %}</table>
</details>
{% endfor %}{% endfor %}
<h2>Schemas</h2>
{% for name, each in document.components.schemas.items() %}
<details id="{{ name }}"><summary>{{ name }}</summary>
<pre><code>{{ each | schema }}</code></pre></details>
{% endfor %}
</html>"""


def install(app: OpenAPI) -> None:
    document = cache(lambda: document_of(app))
    page = cache(lambda up: _page(orjson.loads(document()), up))
    app.add_template_filter(_schema, "schema")
    app.add_template_filter(_name_of_schema, "name_of_schema")

    @app.route("/openapi.json")
    def openapi_json() -> Response:
        return Response(document(), mimetype="application/json")

    @app.route("/docs")
    def docs() -> Response:
        headers = {"Content-Security-Policy": POLICY}
        # Relative, so that it holds under whatever prefix a proxy has taken off.
        up = "../" if request.path.endswith("/") else ""
        return Response(page(up), headers=headers, mimetype="text/html")


def _page(document: dict[str, Any], up: str) -> str:
    return render_template_string(PAGE, document=document, style=STYLE, up=up)


def _schema(schema: dict[str, Any]) -> str:
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()


def _name_of_schema(described: dict[str, Any]) -> str:
    """Of the body of a request or response; empty when it has none."""
    content = described.get("content", {}).get("application/json", {})
    reference: str = content.get("schema", {}).get("$ref", "")
    return reference.rpartition("/")[2]
