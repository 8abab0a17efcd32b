"""What themes get in the place of pydata-sphinx-theme's navigation."""

from __future__ import annotations

from octavo.writers.html.themes import Navigation

HTML = '<ul class="nav"><li class="current"><a href="#">One &amp; more</a></li><li><a href="two.html">Two</a></li></ul>'


def test_what_is_only_printed_stays_as_it_was() -> None:
    assert str(Navigation("<ul><li>not closed")) == "<ul><li>not closed"


def test_a_theme_can_take_it_apart() -> None:
    navigation = Navigation(HTML)
    assert bool(navigation)
    assert len(navigation) == 1
    assert [element.name for element in navigation] == ["ul"]
    assert navigation.find("a")["href"] == "#"


def test_a_theme_can_change_it() -> None:
    navigation = Navigation(HTML)
    for item in navigation("li", {"class": "current"}):
        item["class"].append("active")
    navigation.find("ul").append(navigation.new_tag("i"))
    assert str(navigation) == HTML.replace('"current"', '"current active"').replace("</ul>", "<i></i></ul>")
