from grading.services.scores import Evidence, Standing, record_score

__all__ = ["Evidence", "Standing", "record_score"]
