"""Addresses of personal data and statements; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from portal.rights import api, pages, workplace

learner_pages = [
    path("courses/<slug:slug>/statement.json", pages.statement, name="statement"),
    path("settings/data/", pages.your_data, name="your_data"),
    path("settings/data/export/", pages.prepare_export, name="prepare_export"),
    path("settings/data/export/data.zip", pages.own_export, name="own_export"),
    path("settings/data/delete/", pages.delete_account, name="delete_account"),
    path("settings/data/keep/", pages.keep_own_account, name="keep_account"),
]
workplace_pages = [
    path("learners/<record:learner_id>/data/", workplace.learner_data, name="learner_data"),
    path("learners/<record:learner_id>/data/data.zip", workplace.learner_export, name="learner_export"),
]
calls = [
    path("me/export/", api.OwnExport.as_view(), name="api-export"),
    path("me/export/data.zip", api.OwnArchive.as_view(), name="api-archive-of-data"),
    path("me/deletion/", api.OwnDeletion.as_view(), name="api-deletion"),
    path("courses/<slug:slug>/statement/", api.OwnStatement.as_view(), name="api-statement"),
    path("statements/keys/", api.StatementKeyList.as_view(), name="api-statement-keys"),
]
