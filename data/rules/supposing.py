"""From what sources say of operations to what they bring under a reader's hypotheses."""

from collections.abc import Iterator

import numpy as np

from data.hypotheses import Hypotheses, HypothesisError, HypothesisFault
from data.rules.consequences import INHABITED
from data.rules.operations import SOCIAL, Band, Foundation, Numbers, Operations


def suppose(foundation: Foundation, hypotheses: Hypotheses) -> Operations:
    """Return what each operation brings under hypotheses.

    Raises
    ------
    HypothesisError
        Hypotheses contradict the sources or name what does not exist; every fault is listed.
    """
    faults = list(contradictions(foundation, hypotheses))
    if faults:
        raise HypothesisError(faults)
    rows = foundation.rows
    status = rows["status"].to_numpy()
    counted = ~((status == "planned") & hypotheses.only_under_way)
    total = _totals(foundation, hypotheses)
    social = Band(rows["social_low"].to_numpy(), rows["social_high"].to_numpy())
    value = Band(total.low * social.low, total.high * social.high)
    share = _delivered_share(foundation, hypotheses)
    delivered = _delivered(foundation, total, value, share)
    first, last, delay = _windows(foundation, hypotheses)
    works = rows["works_year"].to_numpy(dtype="float64") + delay
    return Operations(
        rows=rows,
        areas=foundation.areas,
        counted=counted,
        # Of what is left out, only what is delivered already stays.
        value=Band(np.where(counted, value.low, delivered.low), np.where(counted, value.high, delivered.high)),
        delivered=delivered,
        first_year=first + delay,
        last_year=last + delay,
        earliest_year=np.fmax(rows["stated_year"].to_numpy(), works),
        known_year=rows["known_year"].to_numpy(),
    )


def _delivered(foundation: Foundation, total: Band, value: Band, share: Band) -> Band:
    """Return what is delivered: as stated, else the supposed or open share.

    Of a stated number of dwellings, none or all may be social, as far as the rest can hold the others.
    """
    stated = foundation.rows["delivered"].to_numpy()
    known, social = ~np.isnan(stated), (foundation.rows["quantity"] == SOCIAL).to_numpy()
    least = np.where(social, np.clip(value.low - (total.high - stated), 0.0, None), stated)
    return Band(
        np.where(known, np.minimum(least, value.low), value.low * share.low),
        np.where(known, np.minimum(stated, value.high), value.high * share.high),
    )


def _totals(foundation: Foundation, hypotheses: Hypotheses) -> Band:
    """Return how much each row announces in all, as the readings chosen or left open say."""
    low = foundation.rows["value_low"].to_numpy().copy()
    high = foundation.rows["value_high"].to_numpy().copy()
    for reading_id, choice in hypotheses.readings:
        for (name, _), (place, value) in foundation.choices.items():
            if name == f"{reading_id}/{choice}":
                low[place] = high[place] = value
    for inside in foundation.inclusions:
        choice = hypotheses.reading(inside.reading_id)
        if choice in ("", inside.choice):
            low[inside.holder] = max(low[inside.holder] - high[inside.part], 0.0)
        if choice == inside.choice:
            high[inside.holder] = max(high[inside.holder] - low[inside.part], 0.0)
    return Band(low, high)


def _delivered_share(foundation: Foundation, hypotheses: Hypotheses) -> Band:
    """Return the part delivered by the time of the text: as supposed, none where only planned, else anything."""
    status = foundation.rows["status"].to_numpy()
    happened = foundation.rows["happened"].to_numpy()
    share = Band(np.zeros(len(status)), np.ones(len(status)))
    for one in hypotheses.operations:
        if one.delivered_percent is not None:
            for bound in (share.low, share.high):
                bound[foundation.places[one.programme_id]] = one.delivered_percent / 100
    for bound in (share.low, share.high):
        bound[status == "planned"] = 0.0
        bound[happened] = 1.0
    return share


def _windows(foundation: Foundation, hypotheses: Hypotheses) -> tuple[Numbers, Numbers, Numbers]:
    """Return first and last year of delivery as supposed, before any delay, and the delay."""
    first, last = (np.full(len(foundation.rows), np.nan) for _ in range(2))
    delay = np.full(len(first), float(hypotheses.delay_years))
    for one in hypotheses.operations:
        places = foundation.places[one.programme_id]
        delay[places] += one.delay_years
        if one.first_year is not None and one.last_year is not None:
            first[places], last[places] = one.first_year, one.last_year
    return first, last, delay


def contradictions(foundation: Foundation, hypotheses: Hypotheses) -> Iterator[HypothesisFault]:
    """Yield what hypotheses name that does not exist, and where they contradict what a source says."""
    for reading_id, choice in hypotheses.readings:
        if choice not in foundation.readings.get(reading_id, set()):
            yield HypothesisFault("unknown_reading", reading_id, choice)
    happened = foundation.rows["happened"].to_numpy()
    for quantity, size in hypotheses.household_sizes:
        if quantity not in INHABITED:
            yield HypothesisFault("unknown_quantity", quantity, f"{size:g}")
    for one in hypotheses.operations:
        places = foundation.places.get(one.programme_id)
        if places is None:
            yield HypothesisFault("unknown_operation", one.programme_id, one.programme_id)
            continue
        if happened[places].all():
            yield HypothesisFault("already_delivered", one.programme_id, one.programme_id)
        earliest = earliest_window_year(foundation, one.programme_id)
        if one.first_year is not None and one.first_year < earliest:
            yield HypothesisFault("begins_too_early", one.programme_id, f"{one.first_year} < {earliest}")
        if one.delivered_percent is not None and not share_is_open(foundation, one.programme_id):
            yield HypothesisFault("delivered_is_known", one.programme_id, f"{one.delivered_percent:g}")


def earliest_window_year(foundation: Foundation, programme_id: str) -> int:
    """Return the first year an operation can be supposed to deliver in: that of its text, or of its dated works."""
    places = foundation.places[programme_id]
    stated, works = (foundation.rows[name].to_numpy()[places] for name in ("stated_year", "works_year"))
    return int(np.nanmax(np.fmax(stated, works)))


def share_is_open(foundation: Foundation, programme_id: str) -> bool:
    """Tell whether no source says how much of an operation is delivered: it is not only planned, nor counted."""
    places = foundation.places[programme_id]
    status, delivered, happened = (
        foundation.rows[name].to_numpy()[places] for name in ("status", "delivered", "happened")
    )
    return bool((status != "planned").all() and np.isnan(delivered).any() and not happened.all())


def promised_year(foundation: Foundation, programme_id: str) -> int | None:
    """Return the year a source promises an operation to be completed in, or None: a reader may start from it."""
    years = foundation.rows["completed_year"].to_numpy()[foundation.places[programme_id]]
    return None if np.isnan(years).all() else int(np.nanmax(years))


def open_readings(foundation: Foundation) -> set[str]:
    """Return the readings that still change something: a later statement of a number settles those about it."""
    values: dict[str, set[float]] = {}
    for (name, _), (_, value) in foundation.choices.items():
        values.setdefault(name.partition("/")[0], set()).add(value)
    about_numbers = {reading_id for reading_id, found in values.items() if len(found) > 1}
    return about_numbers | {inside.reading_id for inside in foundation.inclusions}
