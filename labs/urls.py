"""Addresses of labs and their runs; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from labs import events
from labs.api import lab_files as files
from labs.api import lab_work as work
from labs.api import labs, notebooks, retests, runs
from labs.workplace import lab_failures, lab_regrading, lab_work

workplace_pages = [
    path("labs/<str:lab_id>/", lab_failures.lab_failures, name="lab_failures"),
    path("learners/<record:learner_id>/labs/<str:lab_id>/", lab_work.work_in_lab, name="lab_work"),
    path("regrades/lab/<str:lab_id>/", lab_regrading.regrade_lab, name="regrade_lab"),
    path("regrades/runs/<record:retest_id>/", lab_regrading.retest, name="retest"),
    path("regrades/labs/<record:lab_regrade_id>/", lab_regrading.lab_regrade_page, name="lab_regrade_page"),
]
WORK = "courses/<slug:slug>/learners/<str:learner_id>/labs/<str:lab_id>/"

calls = [
    path(WORK, work.OpeningOfLab.as_view(), name="api-lab-work"),
    path(f"{WORK}runs/", work.LearnerRuns.as_view(), name="api-learner-runs"),
    path(f"{WORK}runs/<str:run_id>/", work.LearnerRun.as_view(), name="api-learner-run"),
    path(f"{WORK}runs/<str:run_id>/outputs/", work.LearnerRunOutputs.as_view(), name="api-learner-run-outputs"),
    path("labs/<str:lab_id>/", labs.OneLab.as_view(), name="api-lab"),
    path("labs/<str:lab_id>/draft/", labs.SaveLabDraft.as_view(), name="api-lab-draft"),
    path("labs/<str:lab_id>/versions/", labs.LabVersions.as_view(), name="api-lab-versions"),
    path("labs/<str:lab_id>/runs/", labs.LabRuns.as_view(), name="api-lab-runs"),
    path("labs/<str:lab_id>/files/", files.LabFiles.as_view(), name="api-lab-files"),
    path("labs/<str:lab_id>/files/<str:name>", files.OneLabFile.as_view(), name="api-lab-file"),
    path("labs/<str:lab_id>/notebook/", notebooks.Notebook.as_view(), name="api-lab-notebook"),
    path("labs/<str:lab_id>/charts/", notebooks.LabCharts.as_view(), name="api-lab-charts"),
    path("labs/<str:lab_id>/session/", labs.LabSession.as_view(), name="api-lab-session"),
    path("lessons/<str:lesson_id>/runs/", labs.ListingRuns.as_view(), name="api-listing-runs"),
    path("lessons/<str:lesson_id>/session/", labs.LessonSession.as_view(), name="api-lesson-session"),
    path("runs/", labs.FreeRuns.as_view(), name="api-runs"),
    path("runs/<str:run_id>/", runs.OneRun.as_view(), name="api-run"),
    path("runs/<str:run_id>/code/", runs.RunCode.as_view(), name="api-run-code"),
    path("runs/<str:run_id>/outputs/", runs.RunOutputs.as_view(), name="api-run-outputs"),
    path("runs/<str:run_id>/files/", files.RunFiles.as_view(), name="api-run-files"),
    path("runs/<str:run_id>/files/<path:name>", files.OneRunFile.as_view(), name="api-run-file"),
    path("runs/<str:run_id>/stop/", runs.Stop.as_view(), name="api-stop"),
    path("runs/<str:run_id>/events/", events.run_events, name="api-run-events"),
    path("courses/<slug:slug>/labs/<str:lab_id>/failures/", retests.LabFailures.as_view(), name="api-lab-failures"),
    path("courses/<slug:slug>/retests/", retests.Retests.as_view(), name="api-retests"),
    path("courses/<slug:slug>/retests/<str:retest_id>/", retests.OneRetest.as_view(), name="api-retest"),
    path(
        "courses/<slug:slug>/retests/<str:retest_id>/cancel/",
        retests.CanceledRetest.as_view(),
        name="api-retest-cancel",
    ),
    path("courses/<slug:slug>/lab-regrades/", retests.LabRegrades.as_view(), name="api-lab-regrades"),
    path(
        "courses/<slug:slug>/lab-regrades/<str:lab_regrade_id>/undo/",
        retests.UndoneLabRegrade.as_view(),
        name="api-lab-regrade-undo",
    ),
]
