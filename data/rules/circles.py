"""Circles: what depends, through others, on itself."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def circles(needs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the circles of a graph, each from its first member, in the order of `needs`, round to that member again.

    Where circles share a link, one of them is told: mending it mends or uncovers the others.

    Parameters
    ----------
    needs : what each name needs directly; `["a", "b", "a"]` means that a needs b and b needs a.
    """
    graph = {name: list(dict.fromkeys(others)) for name, others in needs.items()}
    place = {name: number for number, name in enumerate(graph)}
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            # The error lists each member before the one that needs it, and the first again at the end.
            members = error.args[1][:0:-1]
            start = members.index(min(members, key=place.__getitem__))
            circle = [*members[start:], *members[:start]]
            found.append([*circle, circle[0]])
            graph[circle[0]].remove(found[-1][1])
        else:
            return found
