"""Addresses of assessments and their questions, in lists that config.urls includes."""

from foundation.frame.addresses import path
from quizzes.api import assessments, correcting, regrades, releases, sittings, watching
from quizzes.pages import assessments as assessment_pages
from quizzes.pages import exam, practice, questions, reports, resuming, ungraded
from quizzes.workplace import accommodation, analysis, extra_attempts, outages, regrading, releasing, running
from quizzes.workplace import reports as learners_reports

# The most frequent addresses come first, because Django tries the patterns in order.
learner_pages = [
    path("questions/<str:question_id>/check/", questions.check, name="check"),
    path("questions/<str:question_id>/draft/", questions.draft, name="draft"),
    path("questions/<str:question_id>/flag/", questions.flag, name="flag"),
    path("assessments/<str:assessment_id>/<int:position>/seen/", exam.seen, name="seen"),
    path("sittings/<str:sitting_id>/clock/", exam.exam_clock, name="exam_clock"),
    path("assessments/<str:assessment_id>/<int:position>/", exam.exam_question, name="exam_question"),
    path("assessments/<str:assessment_id>/", assessment_pages.assessment_page, name="assessment"),
    path("assessments/<str:assessment_id>/start/", exam.start, name="start"),
    path("courses/<slug:slug>/reports/", reports.my_reports, name="my_reports"),
    path("assessments/<str:assessment_id>/attempts/", assessment_pages.history, name="history"),
    path("assessments/<str:assessment_id>/resume/", resuming.resume, name="resume"),
    path("assessments/<str:assessment_id>/hand-in/", exam.hand_in, name="hand_in"),
    path("courses/<slug:slug>/exam/", assessment_pages.last_exam, name="exam"),
    path("rehearse/<str:assessment_id>/", ungraded.rehearse, name="rehearse"),
    path("questions/<str:question_id>/practice/", practice.practice, name="practice"),
    path("questions/<str:question_id>/report/", questions.send_report, name="report"),
]
workplace_pages = [
    path("reports/", learners_reports.reports, name="reports"),
    path("reports/<record:report_id>/", learners_reports.report_page, name="report_page"),
    path("attempts/", extra_attempts.extra_attempts, name="extra_attempts"),
    path("running/", running.running_exams, name="running"),
    path("running/outage/", outages.make_good, name="make_good"),
    path("release/", releasing.releases, name="releases"),
    path("release/<str:assessment_id>/", releasing.one_release, name="release"),
    path("questions/", analysis.analysis, name="analysis"),
    path("questions/<str:question_id>/", analysis.question_analysis, name="question_analysis"),
    path("questions/compute/<str:assessment_id>/", analysis.compute_now, name="compute_analysis"),
    path("regrades/", regrading.regrades, name="regrade"),
    path("regrades/<record:regrade_id>/", regrading.regrade_page, name="regrade_page"),
    path("regrades/question/<str:question_id>/", regrading.regrade_question, name="regrade_question"),
    path("learners/<record:learner_id>/time/", accommodation.accommodation, name="accommodation"),
]
calls = [
    path("questions/<str:question_id>/draft/", assessments.SaveDraft.as_view(), name="api-draft"),
    path("questions/<str:question_id>/flag/", assessments.Flag.as_view(), name="api-flag"),
    path("questions/<str:question_id>/attempts/", assessments.Attempts.as_view(), name="api-attempts"),
    path("assessments/<str:assessment_id>/", assessments.OneAssessment.as_view(), name="api-assessment"),
    path("assessments/<str:assessment_id>/sitting/", sittings.Start.as_view(), name="api-start"),
    path("assessments/<str:assessment_id>/rehearsal/", sittings.Rehearse.as_view(), name="api-rehearse"),
    path("sittings/<str:sitting_id>/", sittings.OneSitting.as_view(), name="api-sitting"),
    path("sittings/<str:sitting_id>/resume/", sittings.Resume.as_view(), name="api-resume"),
    path("sittings/<str:sitting_id>/submit/", sittings.Submit.as_view(), name="api-submit"),
    path("questions/<str:question_id>/practice/", assessments.Practice.as_view(), name="api-practice"),
    path("questions/<str:question_id>/reports/", assessments.Reports.as_view(), name="api-reports"),
]
staff_calls = [
    path("courses/<slug:slug>/running-exams/", watching.RunningExams.as_view(), name="api-running-exams"),
    path("courses/<slug:slug>/analyses/<str:assessment_id>/", watching.QuestionAnalysis.as_view(), name="api-analysis"),
    path("courses/<slug:slug>/learners/<str:learner_id>/", watching.OneLearner.as_view(), name="api-learner"),
    path("courses/<slug:slug>/accommodations/", correcting.Accommodations.as_view(), name="api-accommodations"),
    path("courses/<slug:slug>/extensions/", correcting.Extensions.as_view(), name="api-extensions"),
    path("courses/<slug:slug>/pauses/", correcting.Pauses.as_view(), name="api-pauses"),
    path("courses/<slug:slug>/pauses/resume/", correcting.EndedPauses.as_view(), name="api-resume-all"),
    path("courses/<slug:slug>/extra-attempts/", correcting.GivenAttempts.as_view(), name="api-extra-attempts"),
    path("courses/<slug:slug>/voids/", correcting.Voids.as_view(), name="api-voids"),
    path("courses/<slug:slug>/voids/undo/", correcting.UndoneVoids.as_view(), name="api-void-undo"),
    path("courses/<slug:slug>/regrades/", regrades.Regrades.as_view(), name="api-regrades"),
    path("courses/<slug:slug>/regrades/<str:regrade_id>/", regrades.OneRegrade.as_view(), name="api-regrade"),
    path(
        "courses/<slug:slug>/regrades/<str:regrade_id>/undo/", regrades.UndoneRegrade.as_view(), name="api-regrade-undo"
    ),
    path("courses/<slug:slug>/releases/", releases.Releases.as_view(), name="api-releases"),
    path("courses/<slug:slug>/releases/undo/", releases.UndoneReleases.as_view(), name="api-release-undo"),
]
