"""What stands for what in a book: the titles of boxes that extensions number, as the site prints them.

The nodes are known by the names of their modules and by their attributes; none of the extensions has to be installed.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

PROOF, EXERCISE = "sphinx_proof", "sphinx_exercise"


def is_numbered_box(node: nodes.Node) -> bool:
    """Whether a node is a theorem, an exercise, a solution or the like, which has a title."""
    module = type(node).__module__
    return (
        module.startswith((f"{PROOF}.", f"{EXERCISE}."))
        and isinstance(node, nodes.Admonition)
        and isinstance(node, nodes.Element)
        and any(isinstance(child, nodes.title) for child in node.children)
    )


def box_heading(node: nodes.Element, env: BuildEnvironment, docname: str) -> str:
    """What stands before the author's own title ("Theorem 1"), in the book's language; or nothing."""
    if type(node).__name__ == "exercise_enumerable_node":
        number = _number(node, env, docname, "exercise")
        pattern = str(env.config.numfig_format.get("exercise", "%s"))
        return pattern % number if "%s" in pattern and number else ""
    if not type(node).__module__.startswith(f"{PROOF}."):
        return ""
    kind = str(node.get("realtype", "")).title()
    word = str(get_translation("proof")(kind)) if kind else ""
    number = _number(node, env, docname, str(node.get("countertype", "")))
    return " ".join(part for part in (word, number) if part)


def _number(node: nodes.Element, env: BuildEnvironment, docname: str, kind: str) -> str:
    numbers = env.toc_fignumbers.get(docname, {}).get(kind, {})
    return ".".join(map(str, next((numbers[i] for i in node.get("ids", ()) if i in numbers), ())))
