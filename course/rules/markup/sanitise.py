"""The last gate: whatever came before, only these elements and attributes reach a page."""

import nh3

from course.rules.markup import svg

TEXT = {
    *("p", "h2", "h3", "h4", "em", "strong", "b", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span", "figure", "figcaption", "aside", "section"),
    *("header", "details", "summary", "img", "use"),
}
MATH = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"),
    *("mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"),
}
MATH_ATTRIBUTES = {
    *("display", "mathvariant", "stretchy", "fence", "form", "accent", "movablelimits", "minsize", "maxsize"),
    *("lspace", "rspace", "width", "height", "depth", "voffset", "linethickness", "displaystyle", "scriptlevel"),
    *("separator", "largeop", "rowspacing", "columnspacing", "class"),
}
GENERAL = {"class", "id", "role", "tabindex", "aria-label", "aria-labelledby", "aria-hidden"}

CLEANER = nh3.Cleaner(
    tags=TEXT | MATH | svg.TAGS,
    attributes={
        "*": GENERAL,
        "a": {"href"},
        "ol": {"start"},
        "img": {"src", "alt", "width", "height", "loading", "decoding"},
        "use": {"href"},
        **dict.fromkeys(MATH, frozenset(MATH_ATTRIBUTES)),
        **{tag: set(svg.ATTRIBUTES) for tag in svg.TAGS},
    },
    generic_attribute_prefixes={"data-"},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def sanitise(html: str) -> str:
    return CLEANER.clean(html)
