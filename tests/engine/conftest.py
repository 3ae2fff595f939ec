"""Lets the tests of this folder share `groundwork`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ["NO_COLOR"] = "1"
