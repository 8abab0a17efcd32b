"""Validates a staged publication and writes it as an EPUB, aside first and then moved into place.

EbookLib makes the package document; `ebooklib_writer` holds what has to be done in its stead.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from octavo.diagnostics import WriterError
from octavo.packaging.ebooklib_writer import write
from octavo.staging import NavigationPoint, Publication

# characters that no reading system stumbles on (EPUB 3.3 section 4.2.2 forbids some, readers stumble on more)
_HREF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def package(publication: Publication, destination: Path) -> None:
    """Write the EPUB. An earlier file of that name stays as it is until the new one is whole.

    Raises: WriterError when the publication contradicts itself (a bug of the writer's, said as facts), or when the
        destination can't be written.
    """
    faults = list(_faults(publication))
    if faults:
        raise WriterError(f"{destination.name}: the staged publication is not whole: {'; '.join(faults[:10])}")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{destination.name}.", dir=destination.parent)
        os.close(handle)
    except OSError as error:
        raise WriterError(f"{destination}: can't be written ({error.strerror})", "Check its folder.") from error
    aside = Path(name)
    try:
        write(publication, aside)
        # mkstemp makes files that only their owner may read
        aside.chmod(0o644)
        aside.replace(destination)
    except OSError as error:
        raise WriterError(f"{destination}: can't be written ({error.strerror})", "Check the disk.") from error
    finally:
        aside.unlink(missing_ok=True)


def _faults(publication: Publication) -> Iterator[str]:
    """What contradicts itself, each as a clause."""
    counts = Counter(resource.href for resource in publication.resources)
    folded = Counter(href.casefold() for href in counts)
    for href, count in counts.items():
        if count > 1:
            yield f"'{href}' stands {count} times in the manifest"
        elif folded[href.casefold()] > 1:
            yield f"'{href}' differs from another file only in case"
        if not _HREF.fullmatch(href):
            yield f"'{href}' is not a plain ASCII path"
        elif not (publication.root / href).is_file():
            yield f"'{href}' is not in {publication.root}"
    for prop in ("nav", "cover-image"):
        holders = [r.href for r in publication.resources if prop in r.properties]
        if len(holders) > 1 or (prop == "nav" and not holders):
            yield f"{len(holders)} files are '{prop}'"
    spine = Counter(item.href for item in publication.spine)
    if not spine:
        yield "the spine is empty"
    for href, count in spine.items():
        if count > 1:
            yield f"'{href}' stands {count} times in the spine"
        if href not in counts:
            yield f"'{href}' is in the spine and not in the manifest"
    for href in _targets(publication.toc):
        if href.partition("#")[0] not in spine:
            yield f"the table of contents leads to '{href}', which is not in the spine"


def _targets(points: tuple[NavigationPoint, ...]) -> Iterator[str]:
    for point in points:
        if point.href is not None:
            yield point.href
        yield from _targets(point.children)
