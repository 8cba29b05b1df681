"""Read a course folder of text files, and report every mistake with file and line.

The readers see the folder as a mapping from paths to bytes. So the same code checks a folder on disk, a folder with one
text edited on the site, and a broken variant in a test.
"""

from portal.authoring.folder.course import FolderText, read_course
from portal.authoring.folder.document import Path
from portal.authoring.folder.files import Addresses, Files, folder_digest, read_files
from portal.authoring.folder.late_writing import late_said, with_late
from portal.authoring.folder.mistakes import Mistake
from portal.authoring.folder.shapes import LONGEST_GRACE
from portal.authoring.folder.shifting import MOST_DAYS, ShiftedDate, rename_course, shift_texts
from portal.authoring.folder.single import SingleText, read_single

__all__ = [
    "LONGEST_GRACE",
    "MOST_DAYS",
    "Addresses",
    "Files",
    "FolderText",
    "Mistake",
    "Path",
    "ShiftedDate",
    "SingleText",
    "folder_digest",
    "late_said",
    "read_course",
    "read_files",
    "read_single",
    "rename_course",
    "shift_texts",
    "with_late",
]
