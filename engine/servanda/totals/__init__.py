"""What sources counted, added up as far as that may be done, against what they published themselves, and the gaps."""

from servanda.totals.build import totals
from servanda.totals.model import Compared, Gap, Part, Total

__all__ = ["Compared", "Gap", "Part", "Total", "totals"]
