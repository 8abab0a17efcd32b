"""Ids of one document: XML names, each once, the same in each build."""

import uuid

import pytest
from lxml import etree

from octavo.writers.epub.anchors import settle_ids, xml_id
from octavo.writers.epub.soup import parse


def settled(html: str) -> str:
    body = parse(html).body
    settle_ids(body)
    return "".join(etree.tostring(e, encoding="unicode") for e in body)


def test_random_ids_are_counted_and_links_follow():
    def page() -> str:
        one, two = uuid.uuid4(), uuid.uuid4()
        return (
            f'<p id="equation-{one}"><a href="#equation-{one}">1</a> <a href="https://example.org/#{two}">w</a></p>'
            f'<figure id="x-{two.hex}" aria-labelledby="x-{two.hex}"></figure>'
        )

    html = page()
    kept = html.partition("example.org/#")[2].partition('"')[0]
    made = settled(html)
    assert 'id="equation-auto-1"' in made
    assert 'href="#equation-auto-1"' in made
    assert 'id="x-auto-2"' in made
    assert 'aria-labelledby="x-auto-2"' in made
    assert f"https://example.org/#{kept}" in made


@pytest.mark.parametrize("name", ["equation-1", "a" * 32, "0" * 32, str(uuid.uuid5(uuid.NAMESPACE_DNS, "a"))])
def test_other_ids_stay(name):
    assert f'id="{xml_id(name)}"' in settled(f'<p id="{name}"></p>')


def test_an_id_that_stands_twice_is_numbered():
    body = parse('<p id="a"></p><p id="a"></p><p id="a-2"></p>').body
    ids, twice = settle_ids(body)
    assert list(ids) == ["a", "a-2", "a-2-2"]
    assert twice == ("a", "a-2")
