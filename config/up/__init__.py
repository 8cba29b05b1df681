"""`manage.py up`: prepare the data in this process, then become a small supervisor of the actual programs.

`steps` needs Django. `programs`, `children` and `supervisor` need only the standard library, so that the remaining
process is small. It replaces the process that prepared the data, instead of keeping all of Django in memory.
"""
