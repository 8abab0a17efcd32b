"""Names of the documents that show downloads."""

from __future__ import annotations

from pathlib import Path

from octavo.writers.epub.linking import AttachmentNames


def test_files_of_one_name_in_many_folders_each_have_a_document(tmp_path: Path) -> None:
    files = [tmp_path / str(number) / "compose.yaml" for number in range(5)]
    for file in files:
        file.parent.mkdir()
        file.write_text("services: {}\n")
    names = AttachmentNames(frozenset())
    given = [names.name_for(file) for file in files]
    assert given[0] == "file-compose-yaml.xhtml"
    assert len(set(given)) == 5
    again = AttachmentNames(frozenset())
    assert [again.name_for(file) for file in files] == given
