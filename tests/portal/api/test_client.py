"""The Python client's types match the schema, and its methods reach every endpoint for learners."""

import re
from types import get_original_bases
from typing import get_type_hints

import pytest
from finalcheck import shapes

from config.environment import ROOT
from tests.contract import parts, schema

NAMES = {  # shapes with another name in the schema
    "Allowance": "AllowanceOut",
    "AllowanceChange": "AllowanceChangeOut",
    "Allowances": "AllowancesOut",
    "Announcement": "AnnouncementOut",
    "Assessment": "AssessmentOut",
    "Attempt": "AttemptOut",
    "Category": "CategoryOut",
    "Cell": "CodeCell",
    "Charts": "ChartsOut",
    "Calendar": "CalendarOut",
    "Certificate": "CertificateOut",
    "ClassList": "ClassListOut",
    "Course": "CourseRow",
    "DateMove": "DateMoveOut",
    "Deletion": "DeletionOut",
    "Enrollment": "EnrollmentOut",
    "Export": "ExportOut",
    "ExtraAttempts": "ExtraAttemptsOut",
    "Feedback": "FeedbackOut",
    "File": "FileOut",
    "GroupDates": "GroupDatesOut",
    "Item": "ItemOut",
    "Lab": "LabOut",
    "FailedAlike": "FailedAlikeOut",
    "FailedTest": "FailedTestOut",
    "LabFailures": "LabFailuresOut",
    "LabDraft": "LabDraftOut",
    "LabVersion": "LabVersionOut",
    "Learner": "LearnerOut",
    "LearnerRun": "LearnerRunOut",
    "LeftFile": "LeftFileOut",
    "Invitation": "InvitationOut",
    "Joining": "JoiningOut",
    "Lesson": "LessonOut",
    "Listed": "ListedOut",
    "Membership": "MembershipOut",
    "ClassMember": "ClassMemberOut",
    "StaffMember": "StaffMemberOut",
    "PersonalInvitation": "PersonalInvitationOut",
    "RunningExam": "RunningExamOut",
    "RunningExams": "RunningExamsOut",
    "Alpha": "AlphaOut",
    "FirstResponse": "ChoiceOut",
    "VariantFigures": "VariantFiguresOut",
    "GradeMovedByGroup": "MovedGradeOut",
    "UnearnedCertificate": "UnearnedCertificateOut",
    "QuestionFigures": "FiguresOut",
    "QuestionAnalysis": "AnalysisOut",
    "NearMiss": "NearMissOut",
    "Needed": "NeedOut",
    "StudyNote": "NoteOut",
    "Goal": "GoalOut",
    "GoalWeek": "GoalWeekOut",
    "OwnObjectives": "OwnObjectivesOut",
    "ClassObjectives": "ClassObjectivesOut",
    "OwnHelp": "OwnHelpOut",
    "HelpOfLearner": "HelpOfLearnerOut",
    "Outcome": "OutcomeOut",
    "Overall": "OverallOut",
    "Practice": "PracticeOut",
    "PracticeDay": "PracticeDayOut",
    "Question": "QuestionOut",
    "RanCell": "RanCellOut",
    "Reach": "ReachOut",
    "Recording": "RecordingOut",
    "Regrade": "RegradeOut",
    "ReleaseState": "ReleaseStateOut",
    "Rescoring": "RescoringOut",
    "Retest": "RetestOut",
    "LabRegrade": "LabRegradeOut",
    "Run": "RunOut",
    "RunCode": "RunCodeOut",
    "Saved": "DraftSaved",
    "Search": "SearchOut",
    "SearchResult": "ResultOut",
    "Shown": "ShownOut",
    "Sitting": "SittingOut",
    "TestResult": "TestRow",
    "Token": "TokenOut",
    "Visibility": "VisibilityShape",
    "Archive": "ArchiveOut",
    "Copy": "CopyOut",
    "Late": "LateOut",
    "LateChange": "LateChangeOut",
    "LateNumbers": "LateNumbersOut",
    "LatePlace": "LatePlaceOut",
    "LatePolicies": "LatePoliciesOut",
    "Movement": "MovementOut",
    "PublishedAssessment": "PublishedAssessmentOut",
    "Column": "ColumnOut",
    "Columns": "ColumnsOut",
    "ColumnPoints": "ColumnPointsOut",
    "LearnerPoints": "LearnerPointsOut",
    "PointsLine": "LearnerPointsIn",
    "PublishedColumns": "PublishedColumnsOut",
    "PublishedPolicy": "PublishedPolicyOut",
    "SettingsChange": "SettingsChangeOut",
}
TYPES = {name: found for name, found in vars(shapes).items() if hasattr(found, "__required_keys__")}
PARTS = {
    base.__name__ for found in TYPES.values() for base in get_original_bases(found)
}  # of other types, never sent alone
SHAPES = sorted(TYPES.keys() - PARTS)


@pytest.mark.parametrize("name", SHAPES)
def test_a_type_has_the_fields_of_its_shape(name):
    declared = parts()["schemas"][NAMES.get(name, name)]["properties"]
    assert set(get_type_hints(getattr(shapes, name))) == set(declared)


CORRECTED = (
    "accommodations",
    "date-extensions",
    "extensions",
    "lab-regrades/{}/undo",
    "overrides/undo",
    "pauses",
    "pauses/resume",
    "regrades/{}/undo",
    "releases",
    "releases/undo",
    "voids",
    "voids/undo",
    "overrides",
)


def test_the_client_reaches_every_address_of_the_api_and_no_other():
    folder = ROOT / "clients" / "python" / "finalcheck"
    source = "".join(
        (folder / name).read_text()
        for name in (
            "client.py",
            "regrading.py",
            "announcing.py",
            "events.py",
            "extending.py",
            "policies.py",
            "studying.py",
            "enrolling.py",
        )
    )
    asked = {re.sub(r"{[^}]+}", "{}", path) for path in re.findall(r'f?"(/[a-z]+/[^"]*)"', source)}
    by_correct = {f"/courses/{{}}/{what}/" for what in CORRECTED}
    published = {re.sub(r"{\w+}", "{}", path.removeprefix("/api/v1")) for path in schema()["paths"]}
    assert asked - {"/courses/{}/{}/"} | by_correct == published  # the one that is left out belongs to `correct`
