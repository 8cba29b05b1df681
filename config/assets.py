"""Static files, hashed and compressed once by collectstatic."""

import re
from collections.abc import Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = "css/"
IMPORT = re.compile(r'@import "([\w-]+\.css)";\n')


class Assets(CompressedManifestStaticFilesStorage):
    """Let ES modules import each other by their hashed names, so that a new release never loads an old module.

    A style sheet contains the sheets that it imports, because a browser would fetch them only after it.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        for name in [name for name in paths if name.startswith(OURS)]:
            storage, path = paths[name]
            if IMPORT.search(text_of(storage, path)):
                self.delete(name)
                self.save(name, ContentFile(with_imports(storage, path)))
                paths[name] = (self, name)
        return super().post_process(paths, *args, **options)


def with_imports(storage: Storage, path: str) -> str:
    """Return a style sheet with each sheet that it imports in the place of the import."""
    return IMPORT.sub(lambda match: text_of(storage, join(dirname(path), match[1])), text_of(storage, path))


def text_of(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return file.read().decode()
