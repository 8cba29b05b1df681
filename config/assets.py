"""Files of the pages, hashed and compressed once by collectstatic."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Assets(CompressedManifestStaticFilesStorage):
    """ES modules import each other by their hashed names, so that a new release never meets an old module."""

    support_js_module_import_aggregation = True
