"""The one place where Octavo changes code of Sphinx, and of docutils, where they have no place for an own answer.

Each patch is for the versions that it was tested with, gives the same result as the code that it stands for, and is
left out for any other version: then Sphinx's own code runs. `octavo info` says which are in use.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Set
from dataclasses import dataclass
from operator import is_
from types import FunctionType
from typing import Any

import docutils
import sphinx
from docutils import frontend, nodes
from docutils.parsers.rst.states import Body, Inliner, RSTState
from docutils.statemachine import StateMachine, StateWS, ViewList
from docutils.transforms import Transformer
from sphinx import events
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters import toctree
from sphinx.pycode.parser import Parser as PythonParser
from sphinx.transforms import SphinxTransform
from sphinx.util import docutils as sphinx_docutils

from octavo.reading import (
    present_classes,
    quick_astroid,
    quick_bibtex,
    quick_checksums,
    quick_events,
    quick_furo,
    quick_links,
    quick_markdown,
    quick_myst,
    quick_nodes,
    quick_post_transforms,
    quick_pycode,
    quick_rest,
    quick_rules,
    quick_settings,
    quick_states,
)
from octavo.reading.installed import installed, listed

SPHINX_VERSIONS = ((8, 2), (9, 0))
DOCUTILS_VERSIONS = ((0, 21), (0, 22))
_FURO_VERSIONS = ((2025, 12),)
_MYST_VERSIONS = ((5, 2),)
_MARKDOWN_IT_VERSIONS = ((4, 3),)
_ASTROID_VERSIONS = ((3, 3),)
_PYBTEX_VERSIONS = ((0, 25), (0, 26))
_BOOK_THEME_VERSIONS = ((1, 1), (1, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What is changed, and why.

    - name: what is patched; why: what it saves.
    - place: the class or module; as text, of a package that only some books need: a module, or `module:Class`.
    - attribute, ours: what is set in it.
    - package, versions: what it was tested with, if not Sphinx and docutils: its distribution, majors with minors.
    - originals: where what was there before is kept, by the attribute.
    """

    name: str
    why: str
    place: object
    attribute: str
    ours: object
    package: str | None = None
    versions: tuple[tuple[int, int], ...] = ()
    originals: dict[str, Any] | None = None

    def put(self) -> None:
        """Put it in its place, if there is one and it was tested."""
        place = self._place()
        if place is not None and hasattr(place, self.attribute) and self.was_tested():
            before = getattr(place, self.attribute)
            if before is not self.ours:
                if self.originals is not None:
                    self.originals[self.attribute] = before
                _look_like(self.ours, before)
                setattr(place, self.attribute, self.ours)

    def was_tested(self) -> bool:
        """Whether it was tested with what is installed."""
        if self.package is None:
            return tested()
        return tested() and installed(self.package) in self.versions

    def told(self) -> str:
        """Why it is in use, or why not."""
        if not tested():
            return why_not_tested()
        if not self.was_tested():
            return f"not in use: tested with {self.package} {listed(self.versions)}"
        if isinstance(self.place, str) or hasattr(self.place, self.attribute):
            return self.why
        return "not in use: this version has nothing of the name"

    def _place(self) -> object | None:
        if not isinstance(self.place, str):
            return self.place
        module, _, name = self.place.partition(":")
        loaded = sys.modules.get(module)
        return getattr(loaded, name, None) if name else loaded


def tested() -> bool:
    """Whether the patches were tested with this Sphinx and this docutils."""
    return sphinx.version_info[:2] in SPHINX_VERSIONS and docutils.__version_info__[:2] in DOCUTILS_VERSIONS


def why_not_tested() -> str:
    """What is said of changes that are left out for this Sphinx or this docutils."""
    return (
        f"not in use: tested with Sphinx {listed(SPHINX_VERSIONS)} and docutils {listed(DOCUTILS_VERSIONS)}, "
        f"these are {sphinx.__display_version__} and {docutils.__version__}"
    )


def apply() -> None:
    """Put all patches in place, once, if they were tested with this Sphinx and this docutils.

    To be called again when a project's extensions are loaded: some are for what only those bring.
    """
    for patch in PATCHES:
        patch.put()


def described() -> dict[str, str]:
    """The patches by name, with why they are in use, or why not."""
    return {patch.name: patch.told() for patch in PATCHES}


def _look_like(ours: object, theirs: object) -> None:
    """Have autodoc, which may document what is patched, find the signature and the text of what was there."""
    if isinstance(ours, property) and isinstance(theirs, property):
        ours.__doc__ = theirs.__doc__
        ours, theirs = ours.fget, theirs.fget
    if isinstance(ours, FunctionType) and isinstance(theirs, FunctionType):
        functools.update_wrapper(ours, theirs)


class _Parents:
    """Child to parent, of the toctrees that were asked for last. lists: the very lists that it was made from."""

    lists: list[list[str]] = []  # noqa: RUF012 -- replaced, never changed
    entries: int = -1
    parents: dict[str, str] = {}  # noqa: RUF012 -- replaced, never changed


def _toctree_ancestors(toctree_includes: dict[str, list[str]], docname: str) -> Set[str]:
    """Documents from this one up to one that no toctree names; the last toctree that names a document counts."""
    lists = list(toctree_includes.values())
    entries = sum(map(len, lists))
    same = entries == _Parents.entries and len(lists) == len(_Parents.lists) and all(map(is_, lists, _Parents.lists))
    if not same:  # a document that is read again has a new list
        _Parents.parents = {child: parent for parent, children in toctree_includes.items() for child in children}
        _Parents.lists, _Parents.entries = lists, entries
    found: dict[str, None] = {}
    name = docname
    while name in _Parents.parents and name not in found:
        found[name] = None
        name = _Parents.parents[name]
    return found.keys()


PATCHES = (
    Patch(
        name="sphinx.environment.adapters.toctree._get_toctree_ancestors",
        why="makes the map from child to parent once, not once for each question",
        place=toctree,
        attribute="_get_toctree_ancestors",
        ours=_toctree_ancestors,
    ),
    Patch(
        name="docutils.nodes.Node.findall",
        why="walks a document with one generator, not with one for each node",
        place=nodes.Node,
        attribute="findall",
        ours=quick_nodes.find_all,
    ),
    Patch(
        name="docutils.nodes.Node.walkabout",
        why="visits nodes without a message about each, unless those are asked for",
        place=nodes.Node,
        attribute="walkabout",
        ours=quick_nodes.walk_about,
    ),
    Patch(
        name="docutils.nodes.NodeVisitor.dispatch_visit",
        why="as walkabout",
        place=nodes.NodeVisitor,
        attribute="dispatch_visit",
        ours=quick_nodes.visit,
    ),
    Patch(
        name="docutils.nodes.NodeVisitor.dispatch_departure",
        why="as walkabout",
        place=nodes.NodeVisitor,
        attribute="dispatch_departure",
        ours=quick_nodes.depart,
    ),
    Patch(
        name="docutils.nodes.Node.document",
        why="finds the document of a node in a loop",
        place=nodes.Node,
        attribute="document",
        ours=property(quick_nodes.document_of, nodes.Node.document.fset),
    ),
    Patch(
        name="docutils.nodes.Node.setup_child",
        why="looks for the document of a new node once, not five times",
        place=nodes.Node,
        attribute="setup_child",
        ours=quick_nodes.set_up_child,
    ),
    Patch(
        name="docutils.nodes.Element.copy",
        why="copies the attributes of a node at once",
        place=nodes.Element,
        attribute="copy",
        ours=quick_nodes.copy,
    ),
    Patch(
        name="docutils.nodes.Element.deepcopy",
        why="looks for the document of copied nodes once for all of them",
        place=nodes.Element,
        attribute="deepcopy",
        ours=quick_nodes.deep_copy,
    ),
    Patch(
        name="docutils.nodes.Text.astext",
        why="looks for escaped characters in a text before it cuts it at them",
        place=nodes.Text,
        attribute="astext",
        ours=quick_nodes.text_of,
    ),
    Patch(
        name="docutils.nodes.Text.copy",
        why="copies a text in one step",
        place=nodes.Text,
        attribute="copy",
        ours=quick_nodes.copy_text,
    ),
    Patch(
        name="docutils.nodes.Text.deepcopy",
        why="as copy",
        place=nodes.Text,
        attribute="deepcopy",
        ours=quick_nodes.deep_copy_text,
    ),
    Patch(
        name="docutils.transforms.Transformer.apply_transforms",
        why="knows which classes of nodes a document has none of, and doesn't walk it for those",
        place=Transformer,
        attribute="apply_transforms",
        ours=present_classes.apply_transforms,
    ),
    Patch(
        name="sphinx.environment.BuildEnvironment.apply_post_transforms",
        why="as apply_transforms",
        place=BuildEnvironment,
        attribute="apply_post_transforms",
        ours=present_classes.apply_post_transforms,
    ),
    Patch(
        name="sphinx.events.EventManager.emit",
        why="describes what an event is about only to a log that takes it",
        place=events.EventManager,
        attribute="emit",
        ours=quick_events.emit,
    ),
    Patch(
        name="sphinx.builders.html._file_checksum",
        why="asks the disk where a style sheet or a script is once, not on each page",
        place="sphinx.builders.html",
        attribute="_file_checksum",
        ours=quick_checksums.checksum_once,
    ),
    Patch(
        name="sphinx_book_theme.get_html_theme_path",
        why="asks the disk where the theme is once, not on each page",
        place="sphinx_book_theme",
        attribute="get_html_theme_path",
        ours=quick_checksums.theme_path_once,
        package="sphinx-book-theme",
        versions=_BOOK_THEME_VERSIONS,
        originals=quick_checksums.theme_originals,
    ),
    Patch(
        name="sphinx.transforms.SphinxTransform.app",
        why="says that it is deprecated once for each class of transforms, not for each reference",
        place=SphinxTransform,
        attribute="app",
        ours=property(quick_post_transforms.application),
        package="Sphinx",
        versions=((9, 0),),
    ),
    Patch(
        name="docutils.statemachine.StateWS.add_initial_transitions",
        why="sets up states of the reStructuredText parser by those of their class before them",
        place=StateWS,
        attribute="add_initial_transitions",
        ours=quick_states.add_initial_transitions,
    ),
    Patch(
        name="docutils.statemachine.StateMachine.add_states",
        why="makes a state of the reStructuredText parser when it is come to, not fifteen for each list",
        place=StateMachine,
        attribute="add_states",
        ours=quick_states.add_states,
    ),
    Patch(
        name="docutils.statemachine.StateMachine.runtime_init",
        why="as add_states",
        place=StateMachine,
        attribute="runtime_init",
        ours=quick_states.runtime_init,
    ),
    Patch(
        name="docutils.statemachine.StateMachine.unlink",
        why="as add_states",
        place=StateMachine,
        attribute="unlink",
        ours=quick_states.unlink,
    ),
    Patch(
        name="docutils.statemachine.ViewList.__getitem__",
        why="copies the lines of a part once",
        place=ViewList,
        attribute="__getitem__",
        ours=quick_rest.get_item,
    ),
    Patch(
        name="docutils.parsers.rst.states.Inliner.parse",
        why="searches no text for markup that has no character of markup",
        place=Inliner,
        attribute="parse",
        ours=quick_rest.parse,
    ),
    Patch(
        name="docutils.parsers.rst.states.Inliner.implicit_inline",
        why="searches no text for addresses that has neither colon nor @",
        place=Inliner,
        attribute="implicit_inline",
        ours=quick_rest.implicit_inline,
    ),
    Patch(
        name="docutils.parsers.rst.states.RSTState.paragraph",
        why="looks at the end of a paragraph for the sign of a literal block",
        place=RSTState,
        attribute="paragraph",
        ours=quick_rest.paragraph,
    ),
    Patch(
        name="docutils.parsers.rst.states.Body.parse_extension_options",
        why="takes options of directives, one in a line, without a parser of their own",
        place=Body,
        attribute="parse_extension_options",
        ours=quick_rest.parse_extension_options,
    ),
    Patch(
        name="sphinx.ext.autodoc._dynamic._type_comments.get_type_comment",
        why="reads no function of a file that has no comment with a type",
        place="sphinx.ext.autodoc._dynamic._type_comments",
        attribute="get_type_comment",
        ours=quick_pycode.get_type_comment,
        originals=quick_pycode.originals,
    ),
    Patch(
        name="sphinx.pycode.parser.Parser.parse_comments",
        why="looks through a documented module by statements, and at tokens where a comment may be",
        place=PythonParser,
        attribute="parse_comments",
        ours=quick_pycode.parse_comments,
    ),
    Patch(
        name="sphinx.pycode.parser.Parser.parse_definition",
        why="finds definitions in the tree of a module, not in its tokens",
        place=PythonParser,
        attribute="parse_definition",
        ours=quick_pycode.parse_definition,
    ),
    Patch(
        name="docutils.frontend.OptionParser.populate_from_components",
        why="makes a hundred command line options once, not for each document",
        place=frontend.OptionParser,
        attribute="populate_from_components",
        ours=quick_settings.populate_once,
    ),
    Patch(
        name="sphinx.util.docutils._get_settings",
        why="makes the settings of a document without command line options",
        place=sphinx_docutils,
        attribute="_get_settings",
        ours=quick_settings.settings_once,
    ),
    Patch(
        name="docutils.nodes.Element.__init__",
        why="goes through the attributes of a new node once",
        place=nodes.Element,
        attribute="__init__",
        ours=quick_nodes.set_up_element,
    ),
    *(
        Patch(
            name=f"{module}.get_navigation_tree",
            why="puts furo's boxes into the navigation of each page without an HTML parser",
            place=module,
            attribute="get_navigation_tree",
            ours=quick_furo.get_navigation_tree,
            package="furo",
            versions=_FURO_VERSIONS,
            originals=quick_furo.originals,
        )
        for module in ("crate.theme.rtd.conf.furo", "crate.theme.rtd.sidebartoc")
    ),
    Patch(
        name="myst_parser.parsers.sphinx_.create_md_parser",
        why="makes the parser of a book once, not for each document",
        place="myst_parser.parsers.sphinx_",
        attribute="create_md_parser",
        ours=quick_markdown.parser_once,
        package="myst-parser",
        versions=_MYST_VERSIONS,
        originals=quick_markdown.originals,
    ),
    Patch(
        name="myst_parser.mdit_to_docutils.base.get_default_settings",
        why="makes the settings of a document that is thrown away without command line options",
        place="myst_parser.mdit_to_docutils.base",
        attribute="get_default_settings",
        ours=quick_settings.default_settings_once,
        package="myst-parser",
        versions=_MYST_VERSIONS,
    ),
    *(
        Patch(
            name=f"myst_parser.mdit_to_docutils.base.DocutilsRenderer.{ours.__name__}",
            why=why,
            place="myst_parser.mdit_to_docutils.base:DocutilsRenderer",
            attribute=ours.__name__,
            ours=ours,
            package="myst-parser",
            versions=_MYST_VERSIONS,
            originals=quick_myst.originals,
        )
        for ours, why in (
            (quick_myst.current_node_context, "notes the node that is being filled without a generator"),
            (quick_myst.render_children, "asks for the type of each token once"),
            (quick_myst.add_line_and_source_path, "makes no exception of a token without a line"),
            (quick_myst.copy_attributes, "looks no further at tokens without attributes"),
        )
    ),
    Patch(
        name="markdown_it.tree.SyntaxTreeNode._set_children_from_tokens",
        why="makes the tree of a document in one pass over its tokens",
        place="markdown_it.tree:SyntaxTreeNode",
        attribute="_set_children_from_tokens",
        ours=quick_markdown.set_children,
        package="markdown-it-py",
        versions=_MARKDOWN_IT_VERSIONS,
        originals=quick_markdown.originals,
    ),
    Patch(
        name="markdown_it.tree.SyntaxTreeNode.type",
        why="asks two questions less, twice for each piece of a document",
        place="markdown_it.tree:SyntaxTreeNode",
        attribute="type",
        ours=property(quick_markdown.type_of),
        package="markdown-it-py",
        versions=_MARKDOWN_IT_VERSIONS,
    ),
    Patch(
        name="markdown_it.parser_block.ParserBlock.tokenize",
        why="asks no rule about a block that can't begin with the character that it begins with",
        place="markdown_it.parser_block:ParserBlock",
        attribute="tokenize",
        ours=quick_rules.tokenize,
        package="markdown-it-py",
        versions=_MARKDOWN_IT_VERSIONS,
    ),
    Patch(
        name="markdown_it.parser_inline.ParserInline.tokenize",
        why="as for blocks",
        place="markdown_it.parser_inline:ParserInline",
        attribute="tokenize",
        ours=quick_rules.tokenize_inline,
        package="markdown-it-py",
        versions=_MARKDOWN_IT_VERSIONS,
    ),
    Patch(
        name="markdown_it.parser_inline.ParserInline.parse",
        why="asks no rule about a text that has no sign of markup",
        place="markdown_it.parser_inline:ParserInline",
        attribute="parse",
        ours=quick_rules.parse_inline,
        package="markdown-it-py",
        versions=_MARKDOWN_IT_VERSIONS,
        originals=quick_rules.originals,
    ),
    Patch(
        name="astroid.transforms.TransformVisitor._transform",
        why="asks no transform about a node whose name is not the one that it looks for",
        place="astroid.transforms:TransformVisitor",
        attribute="_transform",
        ours=quick_astroid.transform,
        package="astroid",
        versions=_ASTROID_VERSIONS,
        originals=quick_astroid.originals,
    ),
    Patch(
        name="astroid.transforms.TransformVisitor._visit",
        why="makes no calls for the empty fields of a node",
        place="astroid.transforms:TransformVisitor",
        attribute="_visit",
        ours=quick_astroid.visit,
        package="astroid",
        versions=_ASTROID_VERSIONS,
    ),
    Patch(
        name="pybtex.plugin.entry_points",
        why="looks through all that is installed once for each style and part of bibliographies",
        place="pybtex.plugin",
        attribute="entry_points",
        ours=quick_bibtex.entry_points,
        package="pybtex",
        versions=_PYBTEX_VERSIONS,
        originals=quick_bibtex.originals,
    ),
    Patch(
        name="markdown_it.common.normalize_url.normalizeLink",
        why="takes an address apart once, not in each document that leads to it",
        place="markdown_it.common.normalize_url",
        attribute="normalizeLink",
        ours=quick_links.normalized,
        package="markdown-it-py",
        versions=_MARKDOWN_IT_VERSIONS,
        originals=quick_links.originals,
    ),
)
