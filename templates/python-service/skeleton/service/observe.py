"""Measures and traces every request but those of the platform itself."""

import time

from opentelemetry import propagate, trace
from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What OpenTelemetry advises, in seconds. An objective for latency has to be one of them.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)

# The platform asks every few seconds; its questions are neither logged nor measured.
QUIET = ("/health/", "/metrics")


class ObserveRequests:
    """Middleware that names metrics by OpenTelemetry's conventions, as dashboard and alerts read them."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Histogram(
            "http_server_request_duration_seconds",
            "Duration of HTTP server requests.",
            ["http_request_method", "http_route", "http_response_status_code"],
            buckets=BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(QUIET):
            await self._app(scope, receive, send)
            return
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        headers = {key.decode(): value.decode("latin-1") for key, value in scope["headers"]}
        tracer = trace.get_tracer("http")
        started = time.perf_counter()
        with tracer.start_as_current_span(
            scope["method"],
            context=propagate.extract(headers),
            kind=trace.SpanKind.SERVER,
            attributes={"http.request.method": scope["method"], "url.path": scope["path"]},
        ) as span:
            try:
                await self._app(scope, receive, watch)
            finally:
                # The pattern, not the path: paths are without number.
                route = getattr(scope.get("route"), "path", "unknown")
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                if status >= 500:
                    span.set_status(trace.StatusCode.ERROR)
                self._requests.labels(scope["method"], route, str(status)).observe(
                    time.perf_counter() - started
                )
