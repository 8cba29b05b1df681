"""The addresses of the product by door, from every room."""

from django.urls import URLPattern, URLResolver, get_resolver


def below(route: str) -> list[list[URLPattern]]:
    """Return the addresses of each include at a route, in the order of config.urls."""
    includes = [each for each in get_resolver().url_patterns if isinstance(each, URLResolver)]
    return [each.url_patterns for each in includes if str(each.pattern) == route]


def workplace_pages() -> list[URLPattern]:
    """Return the pages of a course's workplace."""
    (pages,) = below("admin/courses/<slug:slug>/")
    return pages


def desk_pages() -> list[URLPattern]:
    """Return the pages of staff outside of a course's workplace, which come before Django's admin."""
    return below("admin/")[0]


def learner_pages() -> list[URLPattern]:
    """Return learners' pages, which come last, because their addresses have no prefix."""
    return below("")[-1]
