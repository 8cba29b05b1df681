"""A course as a folder of text: read it whole, name every mistake with file and line.

The readers see the folder as a mapping from paths to bytes, so the same code checks a folder on disk,
a folder with one text edited in the admin, and a test's broken variant.
"""

from portal.folder.course import FolderText, read_course
from portal.folder.files import Addresses, Files, folder_digest, read_files
from portal.folder.mistakes import Mistake
from portal.folder.single import SingleText, read_single

__all__ = [
    "Addresses",
    "Files",
    "FolderText",
    "Mistake",
    "SingleText",
    "folder_digest",
    "read_course",
    "read_files",
    "read_single",
]
