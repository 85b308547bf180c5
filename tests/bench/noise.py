"""How much of the processors other programs took while a part was measured: read it before believing a figure."""

import os
import time
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

# Chromium's processes end without their parents counting their time, so it is added up just before they end.
_uncounted: list[float] = []


def count_family() -> None:
    """Count the processor time of all processes below this one, which are about to end uncounted."""
    times = [member.cpu_times() for member in psutil.Process().children(recursive=True)]
    _uncounted.append(sum(one.user + one.system for one in times))


@dataclass(frozen=True)
class Moment:
    """A moment: its time, the processor seconds of the whole machine, and those of this benchmark."""

    seconds: float
    machine: float
    own: float

    @classmethod
    def now(cls) -> "Moment":
        """Return this moment, to be taken while no process of the benchmark runs but itself."""
        times, own = psutil.cpu_times(), os.times()
        busy = sum(times) - times.idle - times.iowait
        counted = own.user + own.system + own.children_user + own.children_system
        return cls(time.perf_counter(), busy, counted + sum(_uncounted))

    def busy_percent_of_others(self) -> float:
        """Return the share of the processors other programs have used since this moment."""
        now = Moment.now()
        others = (now.machine - self.machine) - (now.own - self.own)
        return max(0.0, 100 * others / (now.seconds - self.seconds) / (os.cpu_count() or 1))
