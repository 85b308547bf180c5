"""The Streamlit script: it puts the repository on the path and runs the frame all pages share."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from dashboard import entry  # noqa: E402 - the path must be set first

entry.run()
