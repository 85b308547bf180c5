"""Command line of the briefing file: `python -m dashboard.dossier --preset conference-climat --out DIR`."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dashboard import store
from dashboard.dossier.draft import AUDIENCES, Draft, DraftError, from_file, from_preset, presets
from dashboard.dossier.handout import handout
from dashboard.dossier.making import FORMATS, LIST, prepare, write
from dashboard.dossier.recheck import read_numbers, recheck
from dashboard.messages import LANGUAGES, message
from dashboard.view import WHOLE_CITY, View, area_view, district_slugs, the_view
from data.errors import ObservatoryError
from data.history import CURRENT, find_release
from data.release import open_release
from data.settings import default_commune, releases_folder, slides_template

app = typer.Typer(add_completion=False, help="Make a briefing file, handouts of districts, or check one anew.")
CHANGED = 3


def _city(release: str, language: str, day: str) -> View:
    """Return the view of the whole commune on a release and day."""
    folder = releases_folder()
    opened = open_release(folder, find_release(folder, release), store.held_communes())
    try:
        today = date.fromisoformat(day) if day else date.today()
    except ValueError as error:
        raise DraftError(f"{day!r} is no day ({error}): write it as 2026-11-27") from error
    return the_view(store.of_commune(opened), default_commune(), WHOLE_CITY, language, "light", today)


def _draft(city: View, preset: str, file: Path | None, audience: str, title: str) -> Draft:
    """Return the draft that is asked for: of a file that a reader kept, or of a preset."""
    if file is not None:
        try:
            draft = from_file(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise DraftError(f"{file} cannot be read: {error}") from error
        if draft.commune != city.commune:
            raise DraftError(f"{file.name} is about {draft.commune}, the observatory shows {city.commune}")
    else:
        if preset not in presets():
            raise DraftError(f"no preset {preset!r}: one of {', '.join(presets())}")
        chosen, slugs = presets()[preset], tuple(district_slugs(city.release, city.commune))
        draft = from_preset(chosen, city.commune, slugs, city.language, message(chosen.title, city.language))
    if audience and audience not in AUDIENCES:
        raise DraftError(f"no audience {audience!r}: one of {', '.join(AUDIENCES)}")
    changed = {name: value for name, value in (("audience", audience), ("title", title)) if value}
    return draft.model_copy(update={**changed, "release": city.release.release_id})


def _bar(total: int) -> tuple["tqdm[None]", Callable[[str], object]]:
    bar: tqdm[None] = tqdm(total=total, unit="part", leave=False)

    def told(name: str) -> None:
        bar.set_description(name[:40])
        bar.update()

    return bar, told


def _save(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.write_bytes(content)
    typer.echo(f"{path}: {len(content) / 1e6:.2f} MB")


def _write(city: View, draft: Draft, out: Path, stem: str, formats: tuple[str, ...], template: Path | None) -> None:
    bar, told = _bar(len(draft.sections) + len(formats) + 1)
    with bar:
        ready = prepare(city, draft, told)
        made = []
        for kind in (*formats, LIST):
            made.append((f"{stem}.chiffres.{LIST}" if kind == LIST else f"{stem}.{kind}", write(ready, kind, template)))
            told(kind)
    for name, content in made:
        _save(out, name, content)
    for words in ready.composed.differences:
        typer.echo(f"Not as chosen: {words}", err=True)


def _handouts(city: View, out: Path) -> None:
    slugs = district_slugs(city.release, city.commune)
    bar, told = _bar(2 * len(slugs))
    made = []
    with bar:
        for slug in slugs:
            for simply, ending in ((False, ""), (True, "-simple")):
                made.append((f"quartier-{slug}{ending}.pdf", handout(area_view(city, slug), simply)))
                told(slug)
    for name, content in made:
        _save(out, name, content)


def _recheck(file: Path, release: str, day: str) -> None:
    printed = read_numbers(file)
    found = recheck(printed, _city(release, printed.draft.language, day))
    for change in found.changes:
        before, now = (words.replace("\n", " · ") or "—" for words in (change.before, change.now))
        typer.echo(f"{change.section} > {change.place}\n    printed: {before}\n    now:     {now}")
    typer.echo(
        f"{file.name}: {len(printed.entries)} pieces with numbers, printed on release {printed.release_id} "
        f"({printed.made_on}); {len(found.changes)} differ on release {found.release_id}"
    )
    if found.changes:
        raise typer.Exit(CHANGED)


@app.command()
def dossier(
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
    preset: Annotated[str, typer.Option(help="A briefing file of data/catalogue/briefings.toml.")] = "",
    draft: Annotated[Path | None, typer.Option(help="A draft kept from the page of the briefing file.")] = None,
    file_format: Annotated[
        list[str] | None, typer.Option("--format", help="pdf, docx, pptx, xlsx; all unless given.")
    ] = None,
    audience: Annotated[str, typer.Option(help="council, public or technical, instead of the draft's.")] = "",
    title: Annotated[str, typer.Option(help="A title of one's own.")] = "",
    template: Annotated[
        Path | None, typer.Option(help="The city's own slides, OBSERVATORY_SLIDES_TEMPLATE unless given.")
    ] = None,
    handouts: Annotated[bool, typer.Option("--handouts", help="One page a district, ordinary and simplified.")] = False,
    recheck_file: Annotated[
        Path | None, typer.Option("--recheck", help="A file to check anew; ends with 3 if a number changed.")
    ] = None,
    release: Annotated[str, typer.Option(help="An identifier, the start of one, `current` or `previous`.")] = CURRENT,
    language: Annotated[str, typer.Option(help="fr or en.")] = LANGUAGES[0],
    day: Annotated[str, typer.Option("--date", help="The day the file speaks on, today unless given.")] = "",
) -> None:
    """Write the files of a preset or draft, the handouts of all districts, or check a file anew."""
    if recheck_file is not None:
        _recheck(recheck_file, release, day)
        return
    formats = tuple(file_format or FORMATS)
    if unknown := sorted({*formats} - {*FORMATS}):
        raise DraftError(f"no format {', '.join(unknown)}: {', '.join(FORMATS)}")
    if not (preset or draft or handouts):
        raise DraftError(f"nothing to make: give --preset ({', '.join(presets())}), --draft, --handouts or --recheck")
    out.mkdir(parents=True, exist_ok=True)
    if language not in LANGUAGES:
        raise DraftError(f"no language {language}: {', '.join(LANGUAGES)}")
    city = _city(release, language, day)
    if preset or draft:
        chosen = _draft(city, preset, draft, audience, title)
        stem = preset if draft is None else draft.stem
        _write(city, chosen, out, stem, formats, template or slides_template())
    if handouts:
        _handouts(city, out)


def main() -> None:
    """Run the command line; a known error is told in full and exits with 1, without a traceback."""
    try:
        app()
    except ObservatoryError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
