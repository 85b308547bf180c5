"""What can be asked for: the resources of the API."""

from dataclasses import dataclass

from dashboard.api.formats import PLACES, TABLES, VALUES


@dataclass(frozen=True)
class Resource:
    """A kind of things that can be asked for: its name in addresses, its table, its key, its formats."""

    name: str
    table: str
    key: str
    formats: tuple[str, ...]


AREAS = Resource("areas", "territories", "ref_area", PLACES)
INDICATORS = Resource("indicators", "indicators", "indicator", TABLES)
OBSERVATIONS = Resource("observations", "observations", "", VALUES)
PROGRAMMES = Resource("programmes", "programmes", "programme_id", PLACES)
MILESTONES = Resource("milestones", "milestones", "milestone_id", TABLES)
COMMITMENTS = Resource("commitments", "commitments", "commitment_id", TABLES)
RELEASES = Resource("releases", "", "release_id", TABLES)
RESOURCES = {one.name: one for one in (AREAS, INDICATORS, OBSERVATIONS, PROGRAMMES, MILESTONES, COMMITMENTS, RELEASES)}
