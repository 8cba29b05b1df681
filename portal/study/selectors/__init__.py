from portal.study.selectors.weeks import has_open_work, studied_in

__all__ = ["has_open_work", "studied_in"]
