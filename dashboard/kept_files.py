"""Files a reader keeps and brings back: their hypotheses, made from the address alone, stored nowhere here."""

from starlette.requests import Request
from starlette.responses import Response

from dashboard import store
from dashboard.content.assumptions import fault_words
from dashboard.content.scenario import foundation
from dashboard.downloads import bad_request, view_of_city
from data.hypotheses import HypothesisError, from_text, to_file
from data.rules.supposing import contradictions


def hypotheses_file(request: Request) -> Response:
    """Answer `/telecharger/hypotheses.json?hypotheses=…` with the file that brings these hypotheses back."""
    release = store.current().release
    view = view_of_city(release)
    try:
        hypotheses = from_text(request.query_params.get("hypotheses", ""))
        faults = list(contradictions(foundation(release, view.commune), hypotheses))
        if faults:
            raise HypothesisError(faults)
    except HypothesisError as error:
        return bad_request(" ".join(fault_words(view, error.faults)))
    name = f"hypotheses-{view.commune}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    content = to_file(hypotheses, view.commune, release.release_id)
    return Response(content, media_type="application/json", headers=headers)
