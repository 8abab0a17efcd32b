"""Pictures in the book: names, and drawings without what a book can't have."""

from lxml import etree

from octavo.writers.epub.pictures import PictureStore, clean_svg


def drawing(content: str) -> bytes:
    start = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    return f"{start}{content}</svg>".encode()


def test_pictures_of_one_name_have_names_of_their_own(tmp_path):
    store = PictureStore(tmp_path)
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "plot.svg").write_bytes(drawing(f'<rect width="{number}"/>'))
        assert store.stage(folder / "plot.svg") is not None
    staged = {href: (tmp_path / href).read_bytes() for href in store.staged}
    assert len(staged) == len(set(staged.values())) == 4


def test_the_same_bytes_are_staged_once(tmp_path):
    store = PictureStore(tmp_path)
    (tmp_path / "a.svg").write_bytes(drawing("<path/>"))
    (tmp_path / "b.svg").write_bytes(drawing("<path/>"))
    assert store.stage(tmp_path / "a.svg") == store.stage(tmp_path / "b.svg") == "images/a.svg"
    assert list(store.staged) == ["images/a.svg"]


def test_a_picture_in_a_drawing_goes_with_its_remote_file():
    content = '<image xlink:href="https://example.org/x.png"/>tail<image href="data:image/png;base64,AA=="/><path/>'
    cleaned = clean_svg(drawing(content))
    assert cleaned is not None
    root = etree.fromstring(cleaned)
    assert [etree.QName(e).localname for e in root] == ["image", "path"]
    assert root.text == "tail"


def test_properties_that_svg_has_no_attributes_for_become_style():
    cleaned = clean_svg(
        drawing(
            '<path transform-origin="0 0" style="fill: red;" text-align="center"/><g line-height="a;b" fill="red"/>'
        )
    )
    assert cleaned is not None
    path, group = etree.fromstring(cleaned)
    assert sorted(path.get("style").split("; ")) == ["fill: red", "text-align: center", "transform-origin: 0 0"]
    assert dict(group.attrib) == {"fill": "red"}


def test_a_version_that_svg_has_not_goes():
    versions = {"1.1": "1.1", "4.0.0.63c5cb3": None}
    for given, kept in versions.items():
        cleaned = clean_svg(drawing("<path/>").replace(b"<svg", f'<svg version="{given}"'.encode()))
        assert cleaned is not None
        assert etree.fromstring(cleaned).get("version") == kept
