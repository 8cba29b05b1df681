"""What `manage.py up` does: prepare the data in this process, then become a small supervisor of the real ones.

`steps` needs Django; `programs`, `children` and `supervisor` need only the standard library, so that the process
that stays for good is a small one (it replaces the prepared one, rather than keep all of Django in memory).
"""
