"""How courses are written: as folders of text files, and in the editor.

A course folder is read by `folder.course`. Other formats that can be imported are a class list (`people/rules/roster.py`)
and points (`grading/services/override_import.py`).
"""
