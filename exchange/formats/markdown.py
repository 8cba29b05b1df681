"""Write the elements of HTML in our Markdown: a text with blocks, or one paragraph for an option or a reason."""

import re
from collections.abc import Callable
from urllib.parse import quote

from lxml import etree

from course.markup.mathml import to_mathml
from exchange.formats.escaping import (
    BREAK,
    EM,
    EM_END,
    SPACES,
    STRONG,
    STRONG_END,
    code_block,
    code_span,
    escaped,
    joined,
)
from exchange.formats.mathml import tex_of
from exchange.rules.reasons import UnfitItem, cut

DEEPEST = 60
TEX = re.compile(r"\$\$(.+?)\$\$|\\\((.+?)\\\)|\\\[(.+?)\\\]|\[tex\](.+?)\[/tex\]", re.DOTALL)
BLOCKS = {
    *(
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "figure",
        "figcaption",
        "center",
        "address",
        "fieldset",
    ),
    *("dl", "dt", "dd", "itemBody", "rubricBlock", "prompt", "legend", "details", "summary", "aside", "form"),
}
STYLED = re.compile(
    r"(?<![\w-])(?:color|background(?:-color)?|text-decoration)\s*:\s*(?!inherit|initial|none|transparent)",
    re.IGNORECASE,
)
LANGUAGE = re.compile(r"(?:language-|lang-|brush:\s*)([a-z0-9+#-]+)", re.IGNORECASE)
LANGUAGES = {
    "python",
    "java",
    "c",
    "cpp",
    "javascript",
    "js",
    "sql",
    "bash",
    "html",
    "css",
    "r",
    "json",
    "xml",
    "yaml",
    "text",
}
MEDIA = {"video", "audio", "iframe", "embed", "object", "source", "track"}
SILENT = {"head", "title", "meta", "link", "template", "noscript", "colgroup", "col", "wbr"}
WEB = ("http://", "https://", "mailto:")
SUBSCRIPT = str.maketrans("0123456789+-=()aeioruvxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ")
SUPERSCRIPT = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
NO_WORDS = "a picture of this question"

type FindPicture = Callable[[str], str]  # from an address to a path beside the text; raises UnfitItem
type Changed = Callable[..., None]
type Lift = Callable[[str], str]  # shows a picture elsewhere, and returns the words for its place


class MarkdownWriter:
    """Write elements. Without `lift`, pictures and tables are blocks; with it, the text is one paragraph."""

    def __init__(self, find_picture: FindPicture, changed: Changed, lift: Lift | None = None) -> None:
        self.find_picture, self.changed, self.lift = find_picture, changed, lift
        self.blocks: list[str] = []
        self.runs: list[str] = []
        self.depth = 0

    @property
    def is_line(self) -> bool:
        return self.lift is not None

    def written(self) -> str:
        self.flush()
        return ("\\\n" if self.is_line else "\n\n").join(self.blocks)

    def flush(self) -> None:
        paragraph = joined(self.runs)
        self.runs = []
        if paragraph:
            self.blocks.append(paragraph)

    def text(self, text: str | None) -> None:
        """Write plain text with formulas."""
        if not text:
            return
        at = 0
        for match in TEX.finditer(text):
            self.runs.append(escaped(text[at : match.start()]))
            tex = next(group for group in match.groups() if group is not None)
            self.formula(tex, is_display=match[3] is not None, next_sign=text[match.end() : match.end() + 1])
            at = match.end()
        self.runs.append(escaped(text[at:]))

    def formula(self, tex: str, *, is_display: bool = False, next_sign: str = "") -> None:
        tex = " ".join(tex.split())
        if not tex:
            return
        _mathml, problems = to_mathml(tex, is_display=is_display)
        if problems:
            self.changed("formula_as_code", problem=problems[0].rstrip("."))
            self.runs.append(code_span(tex))
            return
        tex = re.sub(r"(?<!\\)\$", r"\\$", tex).replace("{{", "{ {")
        if is_display and not self.is_line:
            self.flush()
            self.blocks.append(f"$$\n{tex}\n$$")
            return
        before = "".join(self.runs)[-1:]
        space_before = " " if before and (before.isdigit() or before == "$") else ""
        space_after = " " if next_sign.isdigit() or next_sign == "$" else ""
        self.runs.append(f"{space_before}${tex}${space_after}")

    def children(self, element: etree._Element) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnfitItem("too_deep")
        self.text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            self.text(child.tail)
        self.depth -= 1

    def element(self, element: etree._Element) -> None:
        """Write one element with what it holds."""
        tag = element.tag.rpartition("}")[2]
        if STYLED.search(element.get("style", "")) or (tag == "font" and element.get("color")):
            self.changed("style_left_out")
        write = getattr(self, f"write_{tag.lower()}", None)
        if tag in SILENT:
            return
        if write is not None:
            write(element)
        elif tag in MEDIA:
            self.media(element)
        elif tag in BLOCKS or tag.lower() in BLOCKS:
            self.flush()
            self.children(element)
            self.flush()
        else:
            self.children(element)

    def wrapped(self, element: etree._Element, start: str, end: str) -> None:
        self.runs.append(start)
        blocks = len(self.blocks)
        self.children(element)
        if len(self.blocks) == blocks:
            self.runs.append(end)

    def write_strong(self, element: etree._Element) -> None:
        self.wrapped(element, STRONG, STRONG_END)

    write_b = write_strong

    def write_em(self, element: etree._Element) -> None:
        self.wrapped(element, EM, EM_END)

    write_i = write_cite = write_dfn = write_var = write_em

    def write_br(self, element: etree._Element) -> None:
        self.runs.append(BREAK)

    def write_hr(self, element: etree._Element) -> None:
        self.flush()

    def write_u(self, element: etree._Element) -> None:
        self.changed("style_left_out")
        self.children(element)

    write_s = write_strike = write_del = write_ins = write_mark = write_u

    def write_script(self, element: etree._Element) -> None:
        self.changed("left_out", field=element.tag, value="programs and style sheets of a text never run here")

    write_style = write_script

    def write_sub(self, element: etree._Element) -> None:
        self.moved_line(element, SUBSCRIPT, "_")

    def write_sup(self, element: etree._Element) -> None:
        self.moved_line(element, SUPERSCRIPT, "^")

    def moved_line(self, element: etree._Element, signs: dict[int, int], mark: str) -> None:
        """Write what is below or above the line with characters for it, or else as a formula."""
        text = SPACES.sub(" ", "".join(element.itertext())).strip()
        if text and all(ord(sign) in signs for sign in text):
            self.runs.append(text.translate(signs))
        elif text:
            plain = re.sub(r"[\\{}$%#&_^~]", "", text)
            self.formula(f"{{}}{mark}{{\\text{{{plain}}}}}")

    def write_code(self, element: etree._Element) -> None:
        text = "".join(element.itertext())
        if "\n" in text.strip("\n"):
            self.code(text.strip("\n"), "")
        else:
            self.runs.append(code_span(text))

    write_tt = write_kbd = write_samp = write_code

    def write_pre(self, element: etree._Element) -> None:
        for line in element.iter("br"):
            line.tail = "\n" + (line.tail or "")
        classes = " ".join(inner.get("class", "") for inner in element.iter() if isinstance(inner.tag, str))
        match = LANGUAGE.search(classes)
        language = match[1].lower() if match else ""
        self.code("".join(element.itertext()), language if language in LANGUAGES else "")

    def code(self, text: str, language: str) -> None:
        self.flush()
        if not text.strip():
            return
        if self.is_line:
            self.changed("code_lines")
            self.blocks.extend(code_span(line) for line in text.split("\n") if line.strip())
        else:
            self.blocks.append(code_block(text, language))

    def write_h1(self, element: etree._Element) -> None:
        self.changed("heading_bold")
        self.flush()
        self.wrapped(element, STRONG, STRONG_END)
        self.flush()

    write_h2 = write_h3 = write_h4 = write_h5 = write_h6 = write_h1

    def write_blockquote(self, element: etree._Element) -> None:
        self.flush()
        if self.is_line:
            self.children(element)
            self.flush()
            return
        inner = self.inner_writer()
        inner.children(element)
        text = inner.written()
        if text:
            self.blocks.append("\n".join(f"> {line}".rstrip() for line in text.split("\n")))

    def inner_writer(self) -> "MarkdownWriter":
        writer = MarkdownWriter(self.find_picture, self.changed, self.lift)
        writer.depth = self.depth
        return writer

    def write_ul(self, element: etree._Element) -> None:
        self.list_of(element, is_numbered=False)

    def write_ol(self, element: etree._Element) -> None:
        self.list_of(element, is_numbered=True)

    def list_of(self, element: etree._Element, *, is_numbered: bool) -> None:
        self.flush()
        written = []
        for row in element:
            if isinstance(row.tag, str):
                inner = self.inner_writer()
                inner.children(row)
                written.append(inner.written())
        rows = [row for row in written if row]
        if self.is_line:
            self.changed("list_lines")
            self.blocks.extend(
                f"{number}\\. {row}" if is_numbered else f"• {row}" for number, row in enumerate(rows, 1)
            )
            return
        marks = [f"{number}. " if is_numbered else "- " for number in range(1, len(rows) + 1)]
        lines = [mark + row.replace("\n", f"\n{' ' * len(mark)}") for mark, row in zip(marks, rows, strict=True)]
        if lines:
            self.blocks.append(re.sub(r"(?m)^ +$", "", "\n".join(lines)))

    def write_table(self, element: etree._Element) -> None:
        self.flush()
        if any(inner is not element for inner in element.iter("table")):
            self.changed("nested_table")
        lifted: list[str] = []
        rows = [self.cells(row, lifted) for row in element.iter("tr")]
        rows = [row for row in rows if any(row)]
        if any(cell.get(name, "1") != "1" for cell in element.iter("td", "th") for name in ("colspan", "rowspan")):
            self.changed("merged_cells")
        if not rows:
            return
        if self.is_line:
            self.changed("table_lines")
            self.blocks.extend(" · ".join(cell for cell in row if cell) for row in rows)
            return
        width = max(map(len, rows))
        first = next(element.iter("tr"))
        has_head = any(isinstance(cell.tag, str) and cell.tag == "th" for cell in first)
        head, body = (rows[0], rows[1:]) if has_head else ([""] * width, rows)
        lines = [self.table_line(head, width), "|" + " --- |" * width, *(self.table_line(row, width) for row in body)]
        self.blocks += ["\n".join(lines), *lifted]

    def cells(self, row: etree._Element, lifted: list[str]) -> list[str]:
        def below(markdown: str) -> str:
            self.changed("cell_picture_moved")
            lifted.append(markdown)
            return f"(picture {len(lifted)} below)"

        written = []
        for cell in row:
            if isinstance(cell.tag, str):
                inner = MarkdownWriter(self.find_picture, self.changed, self.lift or below)
                inner.depth = self.depth + 1
                inner.children(cell)
                written.append(inner.written().replace("\\\n", " "))
        return written

    @staticmethod
    def table_line(cells: list[str], width: int) -> str:
        safe = [cell.replace("|", "\\|") for cell in cells] + [""] * (width - len(cells))
        return f"| {' | '.join(safe)} |"

    def write_a(self, element: etree._Element) -> None:
        address = " ".join(element.get("href", "").split())
        if not address or address.startswith("#"):
            self.children(element)
            return
        if not address.lower().startswith(WEB):
            self.changed("link_removed", address=address)
            self.children(element)
            return
        outer, self.runs = self.runs, []
        blocks = len(self.blocks)
        self.children(element)
        if len(self.blocks) > blocks:  # a link around blocks, such as a picture
            self.runs = [*outer, *self.runs]
            self.changed("link_removed", address=address)
            return
        words = joined(self.runs).replace("\\\n", " ") or escaped(cut(address))
        self.runs = [*outer, f"[{words}](<{self.safe(address)}>)"]

    @staticmethod
    def safe(address: str) -> str:
        return quote(address, safe="%/:=&?~#+!$,;'@()*[]|-._")

    def media(self, element: etree._Element) -> None:
        address = element.get("src") or element.get("data") or element.get("href") or ""
        sources = [inner.get("src", "") for inner in element.iter("source")]
        address = " ".join((address or next(iter(sources), "")).split())
        if address.startswith("//"):
            address = f"https:{address}"
        if not address.lower().startswith(("http://", "https://")):
            raise UnfitItem("media_missing", address=address or element.tag)
        self.changed("media_linked", address=address)
        self.runs.append(f"[{escaped(cut(address, 80))}](<{self.safe(address)}>)")

    def write_img(self, element: etree._Element) -> None:
        tex = element.get("data-equation-content") or ""
        if tex.strip() and "equation" in f"{element.get('class', '')}{element.get('src', '')}":
            self.formula(tex)
            return
        address = "".join(element.get("src", "").split("\n")).strip()
        words = " ".join((element.get("alt") or "").split())
        if address.lower().startswith(("http://", "https://", "//")):
            address = f"https:{address}" if address.startswith("//") else address
            self.changed("picture_linked", address=address)
            self.runs.append(f"[{escaped(words or cut(address, 80))}](<{self.safe(address)}>)")
            return
        path = self.find_picture(address)
        if not words:
            words = NO_WORDS
            self.changed("picture_unnamed", words=words)
        markdown = f"![{escaped(words)}]({path})"
        if self.lift is not None:
            self.runs.append(escaped(self.lift(markdown)))
        else:
            self.flush()
            self.blocks.append(markdown)

    def write_math(self, element: etree._Element) -> None:
        self.formula(tex_of(element), is_display=element.get("display") == "block")
