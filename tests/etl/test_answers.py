"""Error reports in the place of data, as map services and interfaces write them; data are never taken for one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.answers import HEAD_BYTES, TAIL_BYTES, file_name, report_in
from tests.etl.connectors.mutating import FILES

WFS_2 = b"""<?xml version="1.0" encoding="UTF-8"?>
<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0"
 xsi:schemaLocation="http://www.opengis.net/ows/1.1 https://data.geopf.fr:443/schemas/ows/1.1.0/owsAll.xsd">
<ows:Exception exceptionCode="InvalidParameterValue" locator="typeName">
<ows:ExceptionText>Feature type STATISTICALUNITS.IRISGE:iris unknown</ows:ExceptionText>
</ows:Exception></ows:ExceptionReport>"""
WFS_1 = b"""\xef\xbb\xbf<?xml version="1.0" ?><ServiceExceptionReport version="1.2.0">
<ServiceException code="OperationNotSupported">
<![CDATA[Could not parse CQL filter list: l&#39;attribut code_insee]]></ServiceException></ServiceExceptionReport>"""
OVERPASS = json.dumps({
    "version": 0.6, "generator": "Overpass API 0.7.62.5", "osm3s": {"timestamp_osm_base": "2026-11-20T08:00:00Z"},
    "elements": [],
    "remark": 'runtime error: Query timed out in "query" at line 3 after 181 seconds.',
}, indent=2).encode()  # fmt: skip
OVERPASS_XML = b"""<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="Overpass API">
<remark> runtime error: Query run out of memory using about 512 MB of RAM. </remark></osm>"""
GEOSERVER = (
    b'{"version":"2.0.0","exceptions":[{"code":"NoApplicableCode","locator":"noLocator","text":"Division by zero"}]}'
)
ODS = b'{"message": "ODSQL query is malformed: Unknown field: codgeo", "error_code": "ODSQLError"}'
CKAN = b'{"success": false, "error": {"message": "Not found: Resource", "__type": "Not Found Error"}}'


def _report(body: bytes) -> str:
    return report_in(body[:HEAD_BYTES], body[-TAIL_BYTES:], len(body) <= HEAD_BYTES)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (WFS_2, "Feature type STATISTICALUNITS.IRISGE:iris unknown"),
        (WFS_1, "Could not parse CQL filter list: l'attribut code_insee"),
        (b"<ExceptionReport></ExceptionReport>", "an exception report without words"),
        (OVERPASS, 'runtime error: Query timed out in "query" at line 3 after 181 seconds.'),
        (OVERPASS_XML, "runtime error: Query run out of memory using about 512 MB of RAM."),
        (GEOSERVER, "Division by zero"),
        (ODS, "ODSQLError: ODSQL query is malformed: Unknown field: codgeo"),
        (CKAN, "Not found: Resource"),
        (b'{"error": true}', "an error without words"),
        (b'{"errorCode": "throttled"}', "throttled"),
    ],
)
def test_what_the_server_says_is_told(body: bytes, words: str) -> None:
    assert _report(body) == words


def test_a_query_that_stopped_half_way_is_seen_at_the_end_of_a_long_answer() -> None:
    elements = [{"type": "way", "id": number, "tags": {"leisure": "park"}} for number in range(5000)]
    whole = json.dumps({"version": 0.6, "elements": elements}).encode()
    assert len(whole) > HEAD_BYTES
    assert _report(whole) == ""
    assert "timed out" in _report(whole[:-1] + b', "remark": "runtime error: Query timed out" }\n')


def test_features_that_a_service_left_out_are_counted() -> None:
    body = b'{"type":"FeatureCollection","features":[],"totalFeatures":%d,"numberMatched":%d,"numberReturned":%d}'
    assert _report(body % (5000, 5000, 1000)).startswith("only 1000 of 5000 features")
    assert _report(body % (22, 22, 22)) == ""
    assert _report(b'{"type":"FeatureCollection","numberMatched":"unknown","numberReturned":5}') == ""


@pytest.mark.parametrize("path", sorted(path for path in FILES.iterdir() if path.is_file()), ids=lambda path: path.name)
def test_no_file_of_a_publisher_is_taken_for_a_report(path) -> None:  # type: ignore[no-untyped-def]
    assert _report(path.read_bytes()) == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1, 2]",
        b'{"errors": [], "error": null, "data": [1]}',
        b'{"elements": [{"tags": {"remark": "runtime error"}}]}',
        b"code;remark\n94041;<ows:ExceptionReport>\n",
        b'<osm version="0.6"><node id="1"/></osm>',
        b"[" * 50_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_no_report_says_nothing(body: bytes) -> None:
    assert _report(body) == ""


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([WFS_2, WFS_1, OVERPASS, GEOSERVER, ODS, CKAN]), st.data())
def test_damaged_reports_do_no_harm(body: bytes, data: st.DataObject) -> None:
    at, length = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 40))
    words = _report(body[:at] + data.draw(st.binary(max_size=20)) + body[at + length :])
    assert len(words) <= 320
    assert "\n" not in words


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="gtfs idfm.zip"', "gtfs idfm.zip"),
        ("attachment; filename=a.csv", "a.csv"),
        ("attachment; filename*=UTF-8''%C3%A9nergie.csv", "énergie.csv"),
        ('attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ("inline", ""),
        ("", ""),
        ("filename", ""),
        ('attachment; filename="a\r\nb.csv"', "a b.csv"),
    ],
)
def test_the_name_a_server_gives_is_read(header: str, name: str) -> None:
    assert file_name(header) == name
