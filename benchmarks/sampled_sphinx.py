"""`sphinx-build -b html`, which writes only some of the pages: for books that take Sphinx too long.

    python benchmarks/sampled_sphinx.py PAGES SPHINX-BUILD-ARGUMENTS...

All is read, and all is finished; of the pages, so many are written, evenly chosen. Says as JSON how many pages there
are, how many were written, and what writing them took of CPU seconds: the cost of one times all the others is what
the run was spared.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Set

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.cmd.build import main

write_all = StandaloneHTMLBuilder.write_documents


def write_some(builder: StandaloneHTMLBuilder, docnames: Set[str]) -> None:
    count = int(sys.argv[1])
    chosen = set(sorted(docnames)[:: max(1, len(docnames) // count)])
    started = time.process_time()
    write_all(builder, chosen)
    took = time.process_time() - started
    print(json.dumps({"pages": len(docnames), "written": len(chosen), "seconds": took}), flush=True)


StandaloneHTMLBuilder.write_documents = write_some  # type: ignore[method-assign]
sys.exit(main(sys.argv[2:]))
