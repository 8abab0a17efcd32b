"""Following one reference to a file: what is there, and what its absence is called. The same for sites and EPUBs."""

from __future__ import annotations

import enum
import posixpath
from typing import NamedTuple

from octavo.checks.links.markup import Reference, Use
from octavo.checks.links.places import Finding
from octavo.checks.links.suggest import Suggestions
from octavo.checks.links.tree import Tree
from octavo.checks.links.url import Kind, Resolved, fragment_candidates

PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xht", ".shtml"})
XML_SUFFIXES = frozenset({".xhtml", ".xht"})
IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".bmp", ".tif", ".tiff", ".apng", ".jxl"}
)


class Status(enum.Enum):
    """What became of a reference."""

    FOUND = enum.auto()
    MISSING = enum.auto()
    OTHER_CASE = enum.auto()
    OUTSIDE = enum.auto()
    LOCAL = enum.auto()
    INVALID = enum.auto()
    EXTERNAL = enum.auto()
    UNANSWERABLE = enum.auto()  # the file is there, and nothing tells whether the fragment is
    IGNORED = enum.auto()


WRONG = frozenset({Status.MISSING, Status.OTHER_CASE, Status.OUTSIDE, Status.LOCAL, Status.INVALID})


class Followed(NamedTuple):
    """The end of a reference.

    - member: the file that it leads to (FOUND), that it should name (OTHER_CASE), or the path that is not there.
    - fragment: as written, None where there is none. url: of EXTERNAL, and of IGNORED for another scheme.
    """

    status: Status
    member: str = ""
    fragment: str | None = None
    url: str = ""


_FIXED = {
    Kind.OUTSIDE: Followed(Status.OUTSIDE),
    Kind.LOCAL: Followed(Status.LOCAL),
    Kind.IGNORED: Followed(Status.IGNORED),
    Kind.INVALID: Followed(Status.INVALID),
}


def follow(resolved: Resolved, tree: Tree) -> Followed:
    """Look a resolved reference up among the files."""
    if resolved.kind is Kind.EXTERNAL:
        return Followed(Status.EXTERNAL, url=resolved.url)
    if resolved.kind is Kind.IGNORED and resolved.url:
        return Followed(Status.IGNORED, url=resolved.url)
    if resolved.kind is not Kind.INTERNAL:
        return _FIXED[resolved.kind]
    found = tree.find(resolved.path)
    if found is not None:
        return Followed(Status.FOUND, found, resolved.fragment)
    if tree.is_unlisted(resolved.path):
        return Followed(Status.IGNORED)
    other = tree.find_ignoring_case(resolved.path)
    if other is not None and other.rstrip("/") != resolved.path.rstrip("/"):
        return Followed(Status.OTHER_CASE, other, resolved.fragment)
    return Followed(Status.MISSING, resolved.path, resolved.fragment)


def suffix_of(path: str) -> str:
    """The suffix in lower case, with its dot; empty for a directory."""
    return posixpath.splitext(path)[1].lower()


def missing_rule(use: Use, path: str) -> str:
    """What the absence of `path` is called."""
    suffix = suffix_of(path)
    if use is Use.IMAGE or (use is Use.FILE and suffix in IMAGE_SUFFIXES):
        return "links/image-missing"
    if use is Use.PAGE and (not suffix or suffix in PAGE_SUFFIXES):
        return "links/page-missing"
    return "links/file-missing"


_RULES = {
    Status.OUTSIDE: "links/outside-root",
    Status.LOCAL: "links/local-file",
    Status.INVALID: "links/url-invalid",
    Status.OTHER_CASE: "links/case-mismatch",
}


def wrong_file(reference: Reference, followed: Followed, member: str, tree: Tree, near: Suggestions) -> Finding:
    """The finding for a reference on `member` whose status is one of WRONG."""
    value = reference.value.strip()
    bare = value.partition("#")[0].partition("?")[0] or value
    if followed.status is Status.MISSING:
        return Finding(
            rule=missing_rule(reference.use, followed.member),
            value=bare,
            member=member,
            target=reference.value,
            hint=_path_hint(reference, followed, member, tree, near),
        )
    if followed.status is Status.OTHER_CASE:
        return Finding(
            rule=_RULES[followed.status],
            value=bare,
            member=member,
            target=reference.value,
            context=followed.member,
            hint=did_you_mean(_as_written(followed.member, bare, member)),
        )
    return Finding(rule=_RULES[followed.status], value=value, member=member, target=reference.value)


def missing_anchor(
    reference: Reference, followed: Followed, member: str, *, anchors: frozenset[str], near: Suggestions
) -> Finding:
    """The finding for a reference on `member` to a fragment that its target, with these anchors, does not have."""
    target, wanted = followed.member, fragment_candidates(followed.fragment or "")[-1]
    return Finding(
        rule="links/anchor-missing",
        value=wanted,
        member=member,
        target=reference.value,
        context=target,
        hint=did_you_mean(near.near(wanted, target, anchors)),
    )


def did_you_mean(name: str | None) -> str | None:
    """The hint that proposes `name`."""
    return None if name is None else f"did you mean '{name}'?"


def _path_hint(reference: Reference, followed: Followed, member: str, tree: Tree, near: Suggestions) -> str | None:
    value, path = reference.value.strip(), followed.member
    if value.lower().startswith("www."):
        return did_you_mean(f"https://{value}")
    with_suffix = f"{path.rstrip('/')}.html"
    sort = missing_rule(reference.use, path)
    if sort == "links/file-missing":
        sort = suffix_of(path)
    found = with_suffix if with_suffix in tree.files else near.near_path(path, sort, _of_sort(sort, tree, near))
    return None if found is None else did_you_mean(_as_written(found, value, member))


def _of_sort(sort: str, tree: Tree, near: Suggestions) -> frozenset[str]:
    """The files that could have been meant: pages, pictures, or those of the suffix that `sort` is."""
    suffixes = {"links/image-missing": IMAGE_SUFFIXES, "links/page-missing": PAGE_SUFFIXES}.get(sort, {sort})
    return near.sort_of_files(sort, tree.files, suffixes)


def _as_written(path: str, value: str, member: str) -> str:
    """`path` as a reference on `member`, from the root when `value` was."""
    if value.startswith("/"):
        return f"/{path}"
    relative = posixpath.relpath(path or ".", posixpath.dirname(member) or ".")
    return f"{relative}/" if path.endswith("/") else relative
