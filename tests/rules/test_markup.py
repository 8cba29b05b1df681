"""Markdown in, sanitized HTML and every mistake out."""

import re

import pytest

from config.environment import ROOT
from course.markup import Asset, MarkupProblem, Setting, render_fragment, render_page
from course.markup.attributes import split_attributes
from course.markup.listings import COLORED
from course.markup.sanitise import sanitise

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path class="p1" d="M0 0"/></svg>'
ASSETS = {"a.svg": Asset(svg=SVG), "a.png": Asset(url="/files/a.png", width=3, height=4)}
TERMS = {"codes": "code", "Boltzmann machine": "Boltzmann machine", 'a "b"': 'a "b"'}
HERE = Setting(find_asset=ASSETS.get, find_page={"lesson:next": "/next/"}.get, find_term=TERMS.get)


def html(source: str) -> str:
    page = render_page(source, HERE)
    assert page.problems == ()
    return page.html


def inline(source: str) -> str:
    page = render_fragment(source, HERE, is_inline=True)
    assert page.problems == ()
    return page.html


def problems(source: str, setting: Setting = HERE) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in render_page(source, setting).problems]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("*a* **b** `c<d>`", "<em>a</em> <strong>b</strong> <code>c&lt;d&gt;</code>"),
        ("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\\$5 and \\*", "$5 and *"),
        ("$x$", "<math><mrow><mi>x</mi></mrow></math>"),
        ("$$ x $$", "<math><mrow><mi>x</mi></mrow></math>"),
        ("a $$x$$ b", "a <math><mrow><mi>x</mi></mrow></math> b"),
        ("$$x$$ and $$x$$", " and ".join(["<math><mrow><mi>x</mi></mrow></math>"] * 2)),
        ("[a](https://example.org)", '<a href="https://example.org">a</a>'),
        ("[a](lesson:next)", '<a href="/next/">a</a>'),
        ("[a](a.png)", '<a href="/files/a.png">a</a>'),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
    ],
)
def test_marks_inside_of_a_line(source, written):
    assert inline(source) == written


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("[codes](term:)", '<span data-term="code">codes</span>'),
        ("[short *numbers*](term:codes)", '<span data-term="code">short <em>numbers</em></span>'),
        ("[Boltzmann\nmachine](term:)", '<span data-term="Boltzmann machine">Boltzmann\nmachine</span>'),
        ("[BMs](<term:Boltzmann machine>)", '<span data-term="Boltzmann machine">BMs</span>'),
        ('[b](<term:a "b">)', '<span data-term="a &quot;b&quot;">b</span>'),
        ("[codes](term:) [a](lesson:next)", '<span data-term="code">codes</span> <a href="/next/">a</a>'),
        ("[a](lesson:next) [codes](term:)", '<a href="/next/">a</a> <span data-term="code">codes</span>'),
    ],
)
def test_a_lesson_marks_a_term_of_the_glossary(source, written):
    assert html(source) == f'<section data-section="">\n<p>{written}</p>\n</section>\n'


def test_what_is_no_term_is_a_mistake_and_so_is_a_term_in_a_question():
    assert problems("One.\n\nTwo [zip code](term:) and [windows](term:window).") == [
        (3, "“window” is not a term of glossary.yaml."),
        (3, "“zip code” is not a term of glossary.yaml."),
    ]
    fragment = render_fragment("[codes](term:)", HERE)
    assert fragment.problems == (MarkupProblem(1, "only a lesson can mark a term of the glossary."),)


def test_sections_are_separate_blocks_for_margin_notes():
    page = html("Before.\n\n## One\n\nText.\n\n::: aside\nNote.\n:::\n\nMore.\n\n## Two\n\nText.")
    assert re.findall(r"<(?:section[^>]*|aside[^>]*)>", page) == [
        '<section data-section="">',
        '<section data-section="">',
        '<aside role="note" aria-label="Margin note">',
        '<section data-section="">',
    ]
    assert page.index("More.") < page.index("Note.") < page.index("Two")


def test_headings_have_ids_and_make_the_contents():
    page = render_page("## Fit it\n\n### Fit it\n\n## Déjà vu & more {#seen}\n\n## !!!")
    assert [(each.level, each.id, each.text) for each in page.contents] == [
        (2, "fit-it", "Fit it"),
        (3, "fit-it-2", "Fit it"),
        (2, "seen", "Déjà vu & more"),
        (2, "section", "!!!"),
    ]
    assert '<h2 id="c-seen">Déjà vu &amp; more</h2>' in page.html


def test_spaces_between_the_words_of_a_drawing_stay():
    words = "<text>loss <tspan>L</tspan> of <tspan>w</tspan> and b</text>"
    drawing = Asset(svg=f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"> <g> {words} </g> </svg>')
    page = render_page("![x](words.svg)", Setting(find_asset={"words.svg": drawing}.get, find_page={}.get))
    assert f"<g>{words}</g></svg>" in page.html


def test_a_drawing_is_put_into_the_page_and_a_picture_is_addressed():
    assert html('![A <line> & "more"](a.svg "A *line*."){#fig-line}') == (
        '<section data-section="">\n<figure data-figure="" id="c-fig-line">'
        '<svg viewBox="0 0 1 1" role="img" aria-label="A &lt;line&gt; &amp; &quot;more&quot;">'
        '<path class="p1" d="M0 0"></path></svg>'
        "<figcaption><b>Figure 1.</b> A <em>line</em>.</figcaption></figure>\n</section>\n"
    )
    assert '<img src="/files/a.png" alt="x" width="3" height="4" loading="lazy" decoding="async">' in html(
        "![x](a.png)"
    )


EQUATION = r"<div data-equation[^>]*><math display=\"block\">.*?</math><span data-number[^>]*>\(1\)</span></div>"


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("The mean is\n$$ x $$\nof all.", "<p>The mean is</p>", "<p>of all.</p>"),
        ("The mean is\n\n$$x$$ (eq-mean)\nof all.", "<p>The mean is</p>", "<p>of all.</p>"),
        ("- The mean\n  $$ x $$\n", "<li>The mean", "</li>"),
        ("> The mean\n> $$ x $$\n", "<p>The mean</p>", "</blockquote>"),
    ],
)
def test_a_formula_between_double_dollars_on_one_line_is_a_block(source, before, after):
    assert re.search(f"{re.escape(before)}\\s*{EQUATION}\\s*{re.escape(after)}", html(source))


def test_double_dollars_on_several_lines_need_an_empty_line_before_them():
    assert problems("Text\n$$\nx\n$$\nmore") == [(2, "$$ on several lines needs an empty line before it.")]
    assert problems("Text\n\n$$\nx\n$$\nmore") == []


def test_double_dollars_that_are_never_closed_are_reported_on_their_line():
    assert problems("Text\n$$ x\nmore") == [
        (2, "a $ stands alone: close the formula (no space inside of the dollars) or write \\$.")
    ]


def test_references_may_point_forward_and_say_what_they_name():
    page = html("[](#eq-a), [](#fig-b), [](#there).\n\n$$ x $$ (eq-a)\n\n![x](a.svg){#fig-b}\n\n## There\n\nEnd.")
    assert page.startswith(
        '<section data-section="">\n<p><a href="#c-eq-a">equation (1)</a>, <a href="#c-fig-b">figure 1</a>, '
        '<a href="#c-there">There</a>.</p>'
    )


def test_code_has_only_the_classes_that_the_style_sheet_colors():
    page = render_page(
        "```python\n@twice\nclass A:\n    def f(self, n): return f'{n}' + str(1) not in (None, 2.5)  # why\n```\n"
    )
    style = (ROOT / "static/css/text.css").read_text()
    assert set(re.findall(r'<span class="(\w+)"', page.html)) <= COLORED
    assert {name for name in COLORED if not re.search(rf"\.{name}[ ,]", style)} == set()
    assert '<span class="k">def</span> <span class="nf">f</span><span class="p">(</span>self' in page.html


def test_a_listing_keeps_its_lines_and_its_run_attributes():
    page = render_page('```python {id=a runtime=tf1 run=true expect="x 1"}\ns = """<\n"""\n```\n')
    assert page.problems == ()
    assert page.html.startswith(
        '<section data-section="">\n<figure data-code="" id="c-a" data-listing="a" data-runtime="tf1" data-run="true">'
        '<header><span data-name="">a</span><span data-versions="">TensorFlow 1</span></header>'
        '<pre tabindex="0" role="group" aria-label="Python listing a"><span>s <span class="o">=</span>'
    )
    assert page.html.count("\n</span>") == 2
    assert [(each.id, each.runtime, each.is_runnable, each.source) for each in page.listings] == [
        ("a", "tf1", True, 's = """<\n"""\n')
    ]


def test_numbers_are_quoted_from_what_a_listing_promises():
    source = '```python {id=a expect="loss≈0.010±0.001; steps 100"}\nx = 1\n```\n\n{{a.loss}} after ${{a.steps}}$.'
    assert "<p>0.010 after <math><mrow><mn>100</mn></mrow></math>.</p>" in html(source)


def test_a_share_is_quoted_as_a_percentage():
    source = '```python {id=a expect="right≈0.813±0.001; all 1.0; some 0.5"}\nx = 1\n```\n\n{{a.right%}}, {{a.all%}}, {{a.some%}}.'
    assert "<p>81.3&nbsp;%, 100&nbsp;%, 50&nbsp;%.</p>" in html(source)


def test_several_exercises_have_different_names():
    page = html(":::: exercise\nOne.\n::::\n\n:::: exercise Harder\nTwo.\n::::\n\n:::: exercise\nThree.\n::::")
    assert re.findall(r'role="group" aria-label="([^"]*)"', page) == ["Exercise 1", "Harder", "Exercise 3"]


def test_a_derivation_is_closed_until_a_reader_opens_it():
    page = html("::: derivation Why it is the plain error\nBecause.\n:::\n\n::: derivation\nSo.\n:::")
    assert "<details><summary>Why it is the plain error</summary>\n<p>Because.</p>\n</details>\n" in page
    assert "<details><summary>Derivation</summary>\n<p>So.</p>\n</details>\n" in page


def test_an_exercise_hides_its_hint_and_solution():
    page = html(":::: exercise Try it {id=try}\nDo.\n\n::: hint\nSo.\n:::\n\n::: solution\nThus.\n:::\n::::")
    assert page == (
        '<section data-section="">\n<section data-exercise="" id="c-try" role="group" aria-label="Try it"><p data-title="">Try it</p>\n'
        "<p>Do.</p>\n<details><summary>Hint</summary>\n<p>So.</p>\n</details>\n"
        "<details><summary>Solution</summary>\n<p>Thus.</p>\n</details>\n</section>\n</section>\n"
    )


@pytest.mark.parametrize(("name", "label"), [("note", "Note"), ("warning", "Warning"), ("mistake", "Common mistake")])
def test_callouts_say_their_kind(name, label):
    assert f'<div data-callout="{name}" role="note" aria-label="{label}">' in html(f"::: {name}\nText.\n:::")


def test_columns_say_how_they_are_aligned():
    page = html("| a | b | c |\n|:--|--:|:-:|\n| 1 | 2 | 3 |")
    assert '<td>1</td>\n<td data-align="right">2</td>\n<td data-align="center">3</td>' in page


def test_line_numbers_start_at_the_texts_first_line():
    assert problems("Text,\n$\\foo$\n\n- item\n- $\\bar", Setting(first_line=10)) == [
        (11, "“\\foo” is not a known command."),
        (14, "a $ stands alone: close the formula (no space inside of the dollars) or write \\$."),
    ]


def test_markup_for_lessons_only_is_refused_in_questions():
    source = "# A\n\n::: aside\nb\n:::\n\n```python {id=b}\nx = 1\n```"
    assert render_fragment(source).problems == (
        MarkupProblem(1, "only a lesson can have headings."),
        MarkupProblem(3, "only a lesson can have “aside”."),
        MarkupProblem(7, "only a lesson can have listings with an id."),
    )


def test_fragments_have_no_ids_that_could_meet_on_a_page():
    fragment = render_fragment("![x](a.svg){#same}\n\n$$ x $$ (eq)", HERE)
    assert fragment.problems == ()
    assert re.findall(r'\bid="', fragment.html) == []


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=alert(1)>",
        '<svg onload="alert(1)"></svg>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        '![x](a.svg){onclick="alert(1)"}',
        "<style>*{display:none}</style>",
        "$\\text{<img src=x onerror=alert(1)>}$",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\style{color:red}{x}$",
        "`<script>alert(1)</script>`",
        '```python {id="><script>alert(1)</script>"}\nx = 1\n```',
        "::: note <script>alert(1)</script>\nx\n:::",
        '<https://example.org/"onmouseover="alert(1)>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_that_runs_reaches_a_page(attack):
    page = render_page(attack, HERE).html
    elements = re.findall(r"<[a-z][^<]*?>", page)
    runs = re.compile(r"<(script|style)|\son\w+=|javascript:|data:text", re.IGNORECASE)
    assert [each for each in elements if runs.search(each)] == []


def test_the_sanitizer_accepts_only_our_own_html():
    assert sanitise('<p class="a" style="x" onclick="x" data-a="1">t</p><script>x</script><iframe></iframe>') == (
        '<p data-a="1">t</p>'
    )


def test_classes_stay_only_where_they_are_content():
    """Pygments' class names in code and an author's class names in a drawing. Stored HTML says nothing about presentation."""
    code = '<pre><span class="k note">if</span></pre>'
    assert sanitise(f'<div class="prose"><section class="k">x</section>{code}</div>') == (
        '<div><section>x</section><pre><span class="k">if</span></pre></div>'
    )
    assert sanitise('<svg class="drawing"><path class="p1"></path></svg>') == (
        '<svg class="drawing"><path class="p1"></path></svg>'
    )


@pytest.mark.parametrize(
    ("text", "before", "attributes"),
    [
        ("python", "python", {}),
        ("python {id=a}", "python", {"id": "a"}),
        ("python {#a run=true}", "python", {"id": "a", "run": "true"}),
        ('python {after=[b, c] expect="x≈1±0.1; y"}', "python", {"after": ("b", "c"), "expect": "x≈1±0.1; y"}),
        ("exercise A title {id='x y'}", "exercise A title", {"id": "x y"}),
        ("python {expect=\"{'a': 1}\"}", "python", {"expect": "{'a': 1}"}),
        ("python {}", "python", {}),
        ("python {id=a id=b}", "python", None),
        ("python {id=}", "python", None),
        ("python {id=a", "python {id=a", None),
        ("python {id a}", "python", None),
    ],
)  # fmt: skip
def test_attributes_in_braces(text, before, attributes):
    assert split_attributes(text) == (before, attributes)
