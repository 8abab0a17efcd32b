"""Forms of notebook outputs: pictures before HTML, and conf.py's own words for EPUB kept."""

from types import SimpleNamespace

from octavo.reading.notebook_outputs import FORMS, OVERRIDES, choose_outputs


def chosen(given: list[tuple[str, str, int | None]]) -> dict[str, int | None]:
    """The priorities that MyST-NB comes to: the last entry of a form decides."""
    config = SimpleNamespace(values={OVERRIDES: None}, **{OVERRIDES: given})
    choose_outputs(config, "octavo-epub", like="epub")
    return {form: place for name, form, place in getattr(config, OVERRIDES) if name in ("*", "octavo-epub")}


def test_pictures_stand_before_html_and_text_comes_last():
    assert sorted(chosen([]), key=chosen([]).get) == list(FORMS)


def test_what_conf_py_says_for_epub_holds():
    assert chosen([("epub", "text/html", 1), ("html", "text/plain", 1), ("*", "image/png", None)]) == {
        **chosen([]),
        "text/html": 1,
        "image/png": None,
    }


def test_without_myst_nb_nothing_is_set():
    config = SimpleNamespace(values={})
    choose_outputs(config, "octavo-epub", like="epub")
    assert not hasattr(config, OVERRIDES)
