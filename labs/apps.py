from django.apps import AppConfig

from foundation.fast.revisions import Published, keep_triggers

TABLES = {"labs_lab": Published("SELECT ROW.course_id")}


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        from activities.kinds import ActivityKind
        from activities.registry import register_activities
        from labs.history import page_of_lab
        from labs.retests import pages_of_failed_labs, regradable_labs, test_answers, tests_by_objective
        from labs.services.scoring import has_lab, has_lab_run, override_lab_score
        from labs.services.verification import LAB_RECOMPUTATION
        from labs.workplace.lab_cell import evidence_in_lab
        from people.selectors.learning import register_begun

        labs = ActivityKind(
            "lab",
            page=page_of_lab,
            has=has_lab,
            override=override_lab_score,
            cell=evidence_in_lab,
            failures=pages_of_failed_labs,
            regradable=regradable_labs,
            recompute=LAB_RECOMPUTATION,
            answers=test_answers,
            measures=tests_by_objective,
        )
        register_activities(labs)
        register_begun(has_lab_run)
        keep_triggers(TABLES, self)
