"""Starts the service."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from service.app import ServiceState, create_app
from service.logs import configure_logs
from service.tracing import start_tracing

NAME = os.environ.get("OTEL_SERVICE_NAME", "${{ values.name }}")

configure_logs()
stop_tracing = start_tracing(NAME)
state = ServiceState(NAME)
app = create_app(state)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Ready from the start to the signal to stop. Open requests are answered first."""
    state.ready = True
    yield
    state.ready = False
    stop_tracing()


app.router.lifespan_context = lifespan

if __name__ == "__main__":
    uvicorn.run(
        app,
        host="0.0.0.0",
        port=int(os.environ.get("PORT", "8080")),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=20,
    )
