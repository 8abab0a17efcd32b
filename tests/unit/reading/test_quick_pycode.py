"""Comments, orders and definitions that a module's tree tells are those that Sphinx finds in its tokens."""

from __future__ import annotations

import ast
import importlib.util
import random
from pathlib import Path
from typing import Any

import docutils
import pytest
import sphinx
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx.pycode.parser import Parser, VariableCommentPicker

from octavo.reading import patches, quick_pycode

patches.apply()

SNIPPETS = [
    "x = 1  #: of x",
    "#: before y\ny: int = 2",
    "z: int; w = 3  #: of w",
    'v = [\n    1,  #: inside\n]\n"after v"',
    "#: many\n#: lines\na, (b, *c) = f(q=1)  # not of it",
    "u = 1 \\\n  #: after all",
    "if x:\n    'no text'\n    i = 1  #: in a branch\nelse:\n    j = 2\n    'text of j'",
    "while x:\n    k = 1\nelse:\n    l = 2  #: l",
    "with open(x) as m:\n    n = m  #: n",
    "try:\n    o = 1  #: o\nexcept E:\n    p = 1  #: not p\nelse:\n    q = 1\nfinally:\n    r = 1",
    "match x:\n    case 1:\n        def in_case(): pass\n    case _:\n        s = 1  #: s",
    "import typing as t\nfrom typing import final\n@final\nclass Final:\n    '''Text.'''\n    A = 1  #: of A",
    "from typing import overload\n@overload\ndef over(x: int) -> int: ...\n@overload\ndef over(x: str) -> str: ...",
    "def f():\n    def g():\n        pass\n    class H:\n        def i(self):\n            self.j = 1  #: nothing\n"
    "    if f:\n        def k():\n            pass\n    return 1\n\n\n# after f",
    "def f():\n    import typing as t\n@t.final\nclass After:\n    pass",
    "class C:\n    def __init__(self, a, /):\n        self.b = a  #: of b\n        self.c = 1\n        'of c'\n"
    "        e = 2  #: nothing\n        self.d: int = 3\n    def m(self):\n        self.n = 1  #: nothing",
    "def f():\n    class __init__:\n        x = 1  #: odd",
    "@decorated(\n    1\n)\n@again\nasync def g(a=(1, {2: 3}), *, b: 'x' = lambda: 1) -> list[int]:\n"
    "    return 1  # last\n\n",
    "def one(): return 1",
    "class One(object): x = 1",
    "def multi(\n    a,\n): return a",
    "def odd() -> lambda: 1:\n    pass",
    "m = (a\n@ b)\ndef after(): pass",
    "@(\n    d\n)\ndef wrapped():\n    pass",
    'def text():\n    """A text.\n@no\n    # end"""',
    'def text():\n    x = """\n    # end"""\n\n',
    "def \\\n  split(): pass",
    "class K:\n\n    #: of l\n    l = 1\n\n    # m\n    m = 2\n",
    "x @= 1",
    "del x, y\nassert 1\nglobal g\nx += 1\n'text'",
    "é = 'ü'  #: umlaut\nclass Ü:\n    def ä(self): é = 1",
    "lines = '\\u2028'\n'a\u2028b'\ndef f(): pass",
    "form = 1\n\x0cdef feed():\n    pass",
    "broken = (",
    "  indented = 1",
    "",
]


def told(code: str, *, ours: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        if ours:
            patch.setattr(Parser, "parse_comments", quick_pycode.parse_comments)
            patch.setattr(Parser, "parse_definition", quick_pycode.parse_definition)
        else:
            patch.setattr(Parser, "parse_comments", THEIRS.parse_comments)
            patch.setattr(Parser, "parse_definition", THEIRS.parse_definition)
        parser = Parser(code)
        try:
            parser.parse()
        except (AssertionError, SyntaxError, ValueError) as error:
            return type(error), str(error)
    overloads = {name: list(map(str, signatures)) for name, signatures in parser.overloads.items()}
    orders = [list(found.items()) for found in (parser.comments, parser.annotations, parser.deforders)]
    return orders, parser.finals, overloads, list(parser.definitions.items())


def unpatched(name: str) -> Any:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


THEIRS = unpatched("sphinx.pycode.parser").Parser


@pytest.mark.parametrize("code", SNIPPETS)
def test_of_every_statement(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for written in (code, f"{code}\n", f"class Around:\n    '''Text.'''\n{indented(code)}", f"if 1:\n{indented(code)}"):
        ours = told(written, ours=True, monkeypatch=monkeypatch)
        assert ours == told(written, ours=False, monkeypatch=monkeypatch)


def indented(code: str) -> str:
    return "".join(f"    {line}" for line in code.splitlines(keepends=True))


def test_of_lines_that_sphinx_miscounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sphinx's search for a comment fails: it documents no comment of such a module."""
    code = "lines = '\\u2028'\n'a\u2028b'\ndef f(): pass\nclass One(object): x = 1"
    failed = told(code, ours=True, monkeypatch=monkeypatch)
    assert failed == told(code, ours=False, monkeypatch=monkeypatch)
    assert failed[0] is AssertionError


@settings(max_examples=50)
@given(st.lists(st.sampled_from(SNIPPETS), max_size=6), st.sampled_from(["\n", "\n\n# between\n", "\n#: between\n"]))
def test_of_many_statements(snippets: list[str], between: str) -> None:
    code = between.join(snippets)
    with pytest.MonkeyPatch.context() as monkeypatch:
        ours = told(code, ours=True, monkeypatch=monkeypatch)
        assert ours == told(code, ours=False, monkeypatch=monkeypatch)


def test_of_real_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_pycode, "_parse_definition", lambda _: pytest.fail("the tree tells it"))
    files = sorted(Path(docutils.__file__).parent.glob("[a-u]*.py")) + sorted(
        Path(random.__file__).parent.glob("[a-c]*.py")
    )
    assert len(files) > 20
    for path in files:
        code = path.read_text(encoding="utf-8")
        if "\f" in code or len(code) > 60_000:
            continue
        assert told(code, ours=True, monkeypatch=monkeypatch) == told(code, ours=False, monkeypatch=monkeypatch), path


TYPED = """\
def typed(a, b):
    # type: (int, str) -> bool
    return True

class Some:
    def method(self, a):  # type: (...) -> str
        return ""
"""
UNTYPED = """\
import functools
type: int = 1
def plain(a: "no # comment"): return a
@functools.wraps(plain)
def wrapped(*a): return a
class Some:
    def method(self): "Text."
    @classmethod
    def of_class(cls): pass
    @functools.cache
    def kept(self): pass
    short = lambda self: 1
"""


def test_of_comments_with_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sphinx 8.2 has the function elsewhere, and keeps it."""
    name = (
        "sphinx.ext.autodoc._dynamic._type_comments"
        if sphinx.version_info >= (9,)
        else "sphinx.ext.autodoc.type_comment"
    )
    of_autodoc = unpatched(name).get_type_comment
    asked: list[Any] = []

    def theirs(obj: Any, bound_method: bool = False) -> Any:
        asked.append(obj)
        return of_autodoc(obj, bound_method)

    monkeypatch.setattr(quick_pycode, "originals", {"get_type_comment": theirs})
    typed, untyped = made(tmp_path / "typed.py", TYPED), made(tmp_path / "untyped.py", UNTYPED)
    without = [
        untyped.plain,
        untyped.wrapped,
        untyped.Some.method,
        untyped.Some.of_class,
        untyped.Some().method,
        untyped.Some.kept,
    ]
    for obj in without:
        assert of_autodoc(obj) is quick_pycode.get_type_comment(obj) is None
    assert asked == []
    for obj in (typed.typed, typed.Some.method, typed.Some):
        assert told_of(quick_pycode.get_type_comment(obj)) == told_of(of_autodoc(obj))
    assert len(told_of(of_autodoc(typed.typed))) == 2
    for obj in (untyped.Some.short, untyped.Some, untyped, len, 1, eval("lambda: 1")):
        assert of_autodoc(obj) is quick_pycode.get_type_comment(obj) is None
    assert len(asked) == 9


def told_of(signature: Any) -> list[str]:
    found = [] if signature is None else [parameter.annotation for parameter in signature.parameters.values()]
    return [ast.dump(kind) if isinstance(kind, ast.AST) else str(kind) for kind in found]


def made(path: Path, code: str) -> Any:
    path.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picker_is_the_one_that_was_tested() -> None:
    """Methods that Sphinx may call for statements, and that ours calls."""
    assert {"generic_visit", "visit_FunctionDef"} <= set(dir(VariableCommentPicker))
    assert {name for name in vars(VariableCommentPicker) if name.startswith("visit_")} <= {
        f"visit_{name}"
        for name in (
            "Import", "ImportFrom", "Assign", "AnnAssign", "Expr", "Try", "ClassDef", "FunctionDef",
            "AsyncFunctionDef", "TypeAlias",
        )
    }  # fmt: skip
