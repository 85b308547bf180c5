"""The data API as an application of its own, to be mounted below `/api/v1`."""

from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from dashboard.api import models, questions
from dashboard.api.answering import release_answer, releases_answer, row_answer, rows_answer
from dashboard.api.describing import VERSION, described
from dashboard.api.doorway import Doorway
from dashboard.api.problems import ProblemError, language_of, no_such_address, own_fault, refusal, wrong_parameters
from dashboard.api.reading import file_answer, page_answer, page_bytes
from dashboard.api.resources import (
    AREAS,
    COMMITMENTS,
    INDICATORS,
    MILESTONES,
    OBSERVATIONS,
    PROGRAMMES,
    RELEASES,
)
from dashboard.middleware import LANGUAGE

Code = Annotated[str, Path(pattern=questions.CODE)]


def _name(route: APIRoute) -> str:
    return route.name


# The pages that FastAPI draws of a description would fetch scripts from elsewhere.
api = FastAPI(
    title="observatory", version=VERSION, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False,
    generate_unique_id_function=_name, middleware=[Middleware(Doorway)],
    exception_handlers={
        RequestValidationError: wrong_parameters, ProblemError: refusal, HTTPException: no_such_address,
        Exception: own_fault,
    },
)  # fmt: skip


@cache
def _described(language: str) -> dict[str, Any]:
    return described(api.routes, language)


@cache
def _page(language: str) -> bytes:
    return page_bytes(_described(language), language)


@api.get("/areas", response_model=models.AreaPage)
def list_areas(request: Request, asked: Annotated[questions.Areas, Query()]) -> Response:
    """Answer for areas."""
    return rows_answer(request, AREAS, asked)


@api.get("/areas/{ref_area}", response_model=models.AreaAnswer)
def get_area(request: Request, ref_area: Code, asked: Annotated[questions.Question, Query()]) -> Response:
    """Answer for one area."""
    return row_answer(request, AREAS, ref_area, asked)


@api.get("/indicators", response_model=models.IndicatorPage)
def list_indicators(request: Request, asked: Annotated[questions.Indicators, Query()]) -> Response:
    """Answer for indicators."""
    return rows_answer(request, INDICATORS, asked)


@api.get("/indicators/{indicator}", response_model=models.IndicatorAnswer)
def get_indicator(request: Request, indicator: Code, asked: Annotated[questions.Question, Query()]) -> Response:
    """Answer for one indicator."""
    return row_answer(request, INDICATORS, indicator, asked)


@api.get("/observations", response_model=models.ObservationPage)
def list_observations(request: Request, asked: Annotated[questions.Observations, Query()]) -> Response:
    """Answer for values of indicators."""
    return rows_answer(request, OBSERVATIONS, asked)


@api.get("/programmes", response_model=models.ProgrammePage)
def list_programmes(request: Request, asked: Annotated[questions.Programmes, Query()]) -> Response:
    """Answer for programmes."""
    return rows_answer(request, PROGRAMMES, asked)


@api.get("/programmes/{programme_id}", response_model=models.ProgrammeAnswer)
def get_programme(request: Request, programme_id: Code, asked: Annotated[questions.Question, Query()]) -> Response:
    """Answer for one programme."""
    return row_answer(request, PROGRAMMES, programme_id, asked)


@api.get("/milestones", response_model=models.MilestonePage)
def list_milestones(request: Request, asked: Annotated[questions.Milestones, Query()]) -> Response:
    """Answer for dated events."""
    return rows_answer(request, MILESTONES, asked)


@api.get("/commitments", response_model=models.CommitmentPage)
def list_commitments(request: Request, asked: Annotated[questions.Commitments, Query()]) -> Response:
    """Answer for commitments."""
    return rows_answer(request, COMMITMENTS, asked)


@api.get("/releases", response_model=models.ReleasePage)
def list_releases(request: Request, asked: Annotated[questions.Releases, Query()]) -> Response:
    """Answer for the releases there are."""
    return releases_answer(request, RELEASES, asked)


@api.get("/releases/{release_id}", response_model=models.ReleaseAnswer)
def get_release(request: Request, release_id: Code, asked: Annotated[questions.Worded, Query()]) -> Response:
    """Answer for one release."""
    return release_answer(request, RELEASES, release_id, asked)


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, asked: Annotated[questions.Worded, Query()]) -> Response:
    """Answer with the description of all this for programs (OpenAPI)."""
    return file_answer(request, _described(asked.language), asked.language)


@api.get("/", include_in_schema=False)
def page(request: Request) -> Response:
    """Answer with the description of all this for people, in the language of `?langue=`."""
    language = language_of(request.scope, LANGUAGE)
    return page_answer(request, _page(language), language)
