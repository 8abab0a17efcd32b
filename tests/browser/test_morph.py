"""From one version of a page to the next, in place: what is seen afterwards is the next version, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback_library import library

import octavo.preview

ASSETS = Path(octavo.preview.__file__).parent / "assets"

HARNESS = """
async ({ before, after, disturb }) => {
  const { Morph, ReloadNeeded, matched } = await import('/_octavo/morph.js');
  const parse = html => new DOMParser().parseFromString(html, 'text/html');
  const live = parse(before), copy = parse(before).documentElement, liveOf = new WeakMap();
  const pair = (a, b) => { liveOf.set(a, b); a.childNodes.forEach((child, i) => pair(child, b.childNodes[i])); };
  pair(copy, live.documentElement);
  const morph = new Morph(parse(before), matched(parse(before), copy, liveOf));
  const old = morph.old;
  morph.liveOf = matched(old, copy, liveOf);
  if (disturb) new Function('live', disturb)(live);
  const kept = [...live.querySelectorAll('[data-kept]')];
  let changed = null;
  try {
    for (const version of [].concat(after)) changed = morph.to(parse(version)).map(e => e.id || e.localName);
  } catch (error) {
    if (!(error instanceof ReloadNeeded)) throw error;
    return { reload: error.message };
  }
  return { html: live.body.innerHTML, changed, kept: kept.every(e => e.isConnected), mine: morph.old.body.innerHTML };
}
"""

RANDOM = """
async ({ rounds }) => {
  const { Morph } = await import('/_octavo/morph.js');
  let seed = 7;
  const random = n => (seed = (seed * 48271) % 2147483647) % n;
  const words = ['a', 'b', 'c', 'd', ' ', '\\n'];
  const tree = depth => Array.from({ length: random(5) }, () => {
    if (depth === 0 || random(3) === 0) return words[random(words.length)];
    const name = ['p', 'b', 'div', 'i'][random(4)];
    const id = random(4) ? '' : ` id="i${random(6)}"`;
    const other = random(3) ? '' : ` class="c${random(3)} d${random(2)}"`;
    const content = name === 'p' ? words[random(4)] : tree(depth - 1);
    return `<${name}${id}${other}>${content}</${name}>`;
  }).join('');
  const parse = html => new DOMParser().parseFromString(`<body><div>${html}</div></body>`, 'text/html');
  const bare = node => node.nodeType === 3 ? node.data.replace(/\\s+/g, '')
    : `<${node.localName} ${node.id} ${[...node.classList].sort()}>${[...node.childNodes].map(bare).join('')}</>`;
  const wrong = [];
  for (let i = 0; i < rounds; i++) {
    const before = parse(tree(3)), live = before.cloneNode(true), liveOf = new WeakMap();
    const pair = (a, b) => { liveOf.set(a, b); a.childNodes.forEach((child, i) => pair(child, b.childNodes[i])); };
    pair(before.documentElement, live.documentElement);
    const morph = new Morph(before, liveOf);
    for (let edits = 0; edits < 3; edits++) {
      const next = parse(tree(3)), wanted = bare(next.body);
      morph.to(next);
      const seen = bare(live.body), mine = bare(morph.old.body);
      if (seen !== wanted || mine !== wanted) wrong.push({ seen, mine, wanted });
    }
  }
  return wrong.slice(0, 3);
}
"""


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    with library({"_octavo": ASSETS}) as address:
        context = browser.new_context()
        made = context.new_page()
        made.goto(f"{address}/_octavo/waiting.html")
        yield made
        context.close()


def morphed(page: Any, before: str, after: str | list[str], disturb: str = "") -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(HARNESS, {"before": before, "after": after, "disturb": disturb})
    return found


def test_any_tree_becomes_any_other(page: Any) -> None:
    assert page.evaluate(RANDOM, {"rounds": 400}) == []


def test_only_what_changed_is_touched(page: Any) -> None:
    before = '<main><p id="a" data-kept="">one</p><p id="b">two</p><p id="c" data-kept="">three</p></main>'
    found = morphed(page, before, before.replace("two", "2"))
    assert (found["html"], found["changed"], found["kept"]) == (before.replace("two", "2"), ["b"], True)


def test_paragraph_put_between(page: Any) -> None:
    before = '<main><p id="a" data-kept="">one</p><p id="c" data-kept="">three</p></main>'
    after = before.replace('<p id="c"', '<p id="b">two</p><p id="c"')
    found = morphed(page, before, after)
    assert (found["html"], found["changed"], found["kept"]) == (after, ["b"], True)


def test_what_scripts_made_stays(page: Any) -> None:
    """A copy button, a formula that was set, a class that a script gave."""
    before = '<div class="x"><pre id="a">code</pre><span class="math" id="m">\\(a\\)</span><p id="b">two</p></div>'
    disturb = """
      live.querySelector('pre').insertAdjacentHTML('afterend', '<button>Copy</button>');
      live.querySelector('.math').innerHTML = '<mjx-container>a</mjx-container>';
      live.querySelector('div').classList.add('opened');
    """
    found = morphed(page, before, before.replace("two", "2").replace('class="x"', 'class="y"'), disturb)
    assert found["html"] == (
        '<div class="opened y"><pre id="a">code</pre><button>Copy</button>'
        '<span class="math" id="m"><mjx-container>a</mjx-container></span><p id="b">2</p></div>'
    )


def test_formula_that_changed_is_set_anew(page: Any) -> None:
    before = '<p id="p">Let <span class="math" id="m">\\(a\\)</span> be.</p>'
    disturb = "live.querySelector('.math').innerHTML = '<mjx-container>a</mjx-container>';"
    found = morphed(page, before, before.replace("(a", "(b"), disturb)
    assert found["html"] == before.replace("(a", "(b")
    again = morphed(page, before, [before.replace("(a", "(b"), before.replace("(a", "(c")], disturb)
    assert again["html"] == before.replace("(a", "(c")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p>", "<p>a</p><script>1</script>"),
        ("<p>a</p><script>1</script>", "<p>a</p><script>2</script>"),
        ("<p>a</p><script>1</script>", "<p>a</p>"),
        ("<p>a</p>", '<div class="sphinx-tabs">a</div>'),
    ],
)
def test_scripts_that_would_have_to_run(page: Any, before: str, after: str) -> None:
    """The page is loaded anew."""
    assert "reload" in morphed(page, before, after)


def test_data_in_a_script_is_data(page: Any) -> None:
    before = '<p id="a">a</p><script type="application/json">{"a": 1}</script>'
    after = before.replace(">a<", ">b<")
    assert morphed(page, before, after)["html"] == after
