"""The service, without a port."""

import logging
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException

from service.observe import ObserveRequests


@dataclass
class ServiceState:
    """What the service says of itself."""

    name: str
    # False while it starts and while it stops: send no traffic.
    ready: bool = False


def create_app(state: ServiceState) -> FastAPI:
    """Makes the service."""
    registry = CollectorRegistry()
    app = FastAPI(title=state.name)
    app.add_middleware(ObserveRequests, registry=registry)

    @app.get("/")
    async def read_name() -> dict[str, str]:
        return {"service": state.name}

    @app.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/health/ready", include_in_schema=False)
    async def ready(response: Response) -> dict[str, str]:
        response.status_code = 200 if state.ready else 503
        return {"status": "ready" if state.ready else "not ready"}

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.exception_handler(HTTPException)
    async def refuse(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    async def fail(_: Request, error: Exception) -> JSONResponse:
        logging.getLogger(__name__).error("The request failed", exc_info=error)
        # What went wrong inside is for the log
        return problem(500, "Something went wrong")

    return app


def problem(status: int, title: str) -> JSONResponse:
    """An answer as problem details, RFC 9457."""
    return JSONResponse(
        {"type": "about:blank", "title": title, "status": status},
        status_code=status,
        media_type="application/problem+json",
    )
