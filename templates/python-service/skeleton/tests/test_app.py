import re

import pytest
from fastapi.testclient import TestClient

from service.app import ServiceState, create_app

NAME = "${{ values.name }}"


@pytest.fixture
def state() -> ServiceState:
    return ServiceState(NAME, ready=True)


@pytest.fixture
def client(state: ServiceState) -> TestClient:
    return TestClient(create_app(state), raise_server_exceptions=False)


def test_answers(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.json() == {"service": NAME}


def test_says_whether_it_lives_and_is_ready(client: TestClient, state: ServiceState) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200

    state.ready = False
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_answers_what_is_not_there_with_problem_details(client: TestClient) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_measures_requests_as_dashboard_and_alerts_read_them(client: TestClient) -> None:
    client.get("/")
    client.get("/health/live")
    metrics = client.get("/metrics").text
    assert re.search(
        r'^http_server_request_duration_seconds_count\{http_request_method="GET",'
        r'http_response_status_code="200",http_route="/"\} 1',
        metrics,
        re.MULTILINE,
    )
    assert 'le="0.5"' in metrics
    assert 'http_route="/health' not in metrics
