"""Everything that a file tells besides what it shows: each text and number in it, by carrier, with its place.

A carrier is a part of a format in which something can leave unseen, such as the comments of a drawing or the hidden
sheets of a workbook. `scan` takes the name and bytes of a file, `scan_folder` a folder; both go into archives and
attachments. `hits` looks for secrets in what they give.
"""

from tests.support.carriers.files import scan, scan_folder, scan_said
from tests.support.carriers.piece import Piece, hits, told_exactly

__all__ = ["Piece", "hits", "scan", "scan_folder", "scan_said", "told_exactly"]
