"""The refusals of what operators run. Importing this module declares the codes of every app.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from portal.refusals import SENTENCES, STATUSES, Refusal

__all__ = ["SENTENCES", "STATUSES", "Refusal"]

declare(
    409,
    {
        "backup_exists": "The file {file} exists. Nothing was written. Choose another name.",
        "backup_inside_data": "The data folder {folder} is part of the backup. Nothing was written. Choose a place outside it.",
        "no_backup_folder": "There is no folder {folder}. Nothing was written. Create it, or mount a volume there.",
        "backup_unreadable": "The file {file} is not a backup of Finalcheck, or it is not whole. Nothing was changed. Check the name, or "
        "take another backup.",
        "backup_damaged": "The checksum of {file} in the backup is wrong. Nothing was changed. Take another backup.",
        "backup_of_other_database": "The backup is of {found}, and the database here is {here}. Nothing was changed. Set "
        "FINALCHECK_DATABASE_URL to a {found} database.",
        "backup_too_new": "The backup was made by a newer version of Finalcheck (it has {migration}). Nothing was changed. "
        "Install that version first.",
        "target_in_use": "Finalcheck or another program uses this database. Nothing was changed. Stop every process, then "
        "try again.",
        "target_not_empty": "This database holds courses or people. Nothing was changed. To replace all of it, add --replace.",
        "restored_otherwise": "The restored database differs from the backup in {tables}. Do not use it. Restore again, and "
        "report this.",
        "program_missing": "The program {program} is not installed. Nothing was changed. Install PostgreSQL's client programs.",
        "program_too_old": "PostgreSQL {wrote} wrote the backup, and {program} here is version {here}. Nothing was "
        "changed. Install PostgreSQL's client programs of version {wrote}, or of a newer one.",
        "program_failed": "The program {program} failed: {said}. Nothing was changed. Correct the cause and try again.",
    },
)
