"""The last check: only these elements and attributes reach a page, whatever the earlier steps produced.

Only two kinds of class names are content and may stay: those of colored code, and the names that authors give to
the parts of a drawing (docs/course-format.md).
"""

import nh3

from course.markup import svg
from course.markup.listings import COLORED

TEXT = {
    *("p", "h2", "h3", "h4", "em", "strong", "b", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span", "figure", "figcaption", "aside", "section"),
    *("header", "details", "summary", "img", "video", "audio", "source", "track"),
}
MATH = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"),
    *("mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"),
}
MATH_ATTRIBUTES = {
    *("display", "mathvariant", "stretchy", "fence", "form", "accent", "movablelimits", "minsize", "maxsize"),
    *("lspace", "rspace", "width", "height", "depth", "voffset", "linethickness", "displaystyle", "scriptlevel"),
    *("separator", "largeop", "rowspacing", "columnspacing"),
}
GENERAL = {"id", "role", "tabindex", "aria-label", "aria-labelledby", "aria-hidden"}

CLEANER = nh3.Cleaner(
    tags=TEXT | MATH | svg.TAGS,
    attributes={
        "*": GENERAL,
        "a": {"href"},
        "ol": {"start"},
        "img": {"src", "alt", "width", "height", "loading", "decoding"},
        "video": {"controls", "preload", "playsinline", "width", "height", "poster"},
        "audio": {"controls", "preload"},
        "source": {"src", "type"},
        "details": {"lang"},
        "track": {"kind", "src", "srclang", "label"},
        **dict.fromkeys(MATH, frozenset(MATH_ATTRIBUTES)),
        **{tag: set(svg.ATTRIBUTES) for tag in svg.TAGS},
    },
    generic_attribute_prefixes={"data-"},
    url_schemes={"http", "https", "mailto"},
    allowed_classes={"span": set(COLORED)},
    link_rel=None,
)


def sanitise(html: str) -> str:
    return CLEANER.clean(html)
