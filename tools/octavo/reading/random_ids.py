"""Ids that extensions draw anew in each build.

MyST-Parser gives each unlabelled amsmath equation a version 4 UUID (RFC 9562, section 5.4) for a label. Writers count
such ids instead, so that the same sources give the same bytes; nothing but the document itself can refer to them.
"""

from __future__ import annotations

import re

RANDOM_PART = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")
