"""The docs: whole, and from this host alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tapedeck.api.schemas import ProvenanceRequest, RunRequest
from tests.api.client import Service


@pytest.fixture
def described(service: Service) -> dict[str, Any]:
    document: dict[str, Any] = service.http.get("/api/openapi.json").json()
    return document


def test_the_page_asks_nobody_else(service: Service) -> None:
    page = service.http.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    addresses = re.findall(r"""(?:href|src)=["']([^"']+)["']""", page.text)
    assert len(addresses) >= 3
    for address in addresses:
        assert address.startswith("/api/docs/")
        assert service.http.get(address).status_code == 200
    assert "://" not in page.text
    assert "'/api/openapi.json'" in page.text


def test_everything_is_described(described: dict[str, Any]) -> None:
    operations = {(method, path) for path, item in described["paths"].items() for method in item}
    assert operations == {
        ("get", "/api/health"),
        ("get", "/api/checkpoints"),
        ("get", "/api/checkpoints/{checkpoint_id}"),
        ("get", "/api/checkpoints/{checkpoint_id}/evaluation"),
        ("get", "/api/checkpoints/{checkpoint_id}/parameters"),
        ("get", "/api/tasks"),
        ("post", "/api/trace"),
        ("post", "/api/provenance"),
        ("post", "/api/evaluation"),
        ("post", "/api/importance"),
        ("get", "/api/sweep"),
        ("get", "/api/stream"),
        ("get", "/api/training"),
        ("post", "/api/training"),
        ("get", "/api/training/{job_id}"),
        ("get", "/api/training/{job_id}/metrics"),
        ("post", "/api/training/{job_id}/pause"),
        ("post", "/api/training/{job_id}/resume"),
        ("post", "/api/training/{job_id}/stop"),
    }


def test_errors_are_described_in_the_one_shape(described: dict[str, Any]) -> None:
    for path, item in described["paths"].items():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if not status.startswith(("1", "2")):
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorDocument"}, (path, status)
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_a_trace_is_described_in_every_form(described: dict[str, Any]) -> None:
    answer = described["paths"]["/api/trace"]["post"]["responses"]["200"]
    content = answer["content"]
    forms = [each["$ref"].rpartition("/")[2] for each in content["application/json"]["schema"]["anyOf"]]
    assert forms == ["DescribedTrace", "TraceDocument"]
    assert content["application/x-npz"]["schema"]["format"] == content["image/gif"]["schema"]["format"] == "binary"
    assert content["text/csv"]["schema"] == content["text/html"]["schema"] == {"type": "string"}
    parameters = described["paths"]["/api/trace"]["post"]["parameters"]
    assert {each["name"]: each["in"] for each in parameters} == dict.fromkeys(("step", "rows", "panel"), "query")
    assert all(each["description"] and not each["required"] for each in parameters)
    for form in content.keys() - {"application/json"}:
        assert f"`{form}`" in answer["description"]


def test_the_example_of_a_request_is_a_good_one(described: dict[str, Any]) -> None:
    for model in (RunRequest, ProvenanceRequest):
        examples = described["components"]["schemas"][model.__name__]["examples"]
        assert examples
        for example in examples:
            model.model_validate(example)


def test_the_stream_is_explained(described: dict[str, Any]) -> None:
    text = described["paths"]["/api/stream"]["get"]["description"]
    for part in ('"type": "run"', '"type": "cancel"', '"type": "done"', '"type": "cancelled"', "uint32", "float32"):
        assert part in text
