"""The pictures of an item: found by the address that its texts use, checked, cleaned and named for the course."""

import base64
import binascii
import re
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import unquote

from authoring.folder.files import picture_fault
from course.markup import UnfitDrawing, cleaned_drawing
from exchange.rules.reasons import UnfitItem, cut
from labs.rules.files import LARGEST, shown_size

FOLDER = "figures"
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
)
DATA = re.compile(r"data:image/[a-z+.-]+(?:;charset=[\w-]+)?;base64,", re.IGNORECASE)
BASES = (
    "@@PLUGINFILE@@/",
    "$IMS-CC-FILEBASE$/",
    "$IMS_CC_FILEBASE$/",
    "$IMS_CC_FILE_BASE$/",
    "$IMS_CC_FILE_BASE$",
    "$WIKI_REFERENCE$/",
    "$CANVAS_OBJECT_REFERENCE$/",
    "./",
)
NO_PICTURE = "is not a PNG, JPEG, GIF, WebP or SVG picture"


class ItemPictures:
    """`used` are the pictures that texts have asked for, by their path beside the text."""

    def __init__(self, known: Mapping[str, bytes]) -> None:
        self.known = {plain_address(name): content for name, content in known.items()}
        self.used: dict[str, bytes] = {}

    def find(self, address: str) -> str:
        """Return the path of a picture in the course, beside the text that shows it. Raises UnfitItem."""
        content = self.content(address)
        if len(content) > LARGEST:
            raise UnfitItem("picture_heavy", address=shown(address), most=shown_size(LARGEST))
        kind = kind_of(content)
        if not kind:
            raise UnfitItem("picture_unfit", address=shown(address), problem=NO_PICTURE)
        if kind == "svg":
            try:
                content = cleaned_drawing(content)
            except UnfitDrawing as error:
                raise UnfitItem("picture_unfit", address=shown(address), problem=str(error)) from None
        elif fault := picture_fault(f"picture.{kind}", content):
            raise UnfitItem("picture_unfit", address=shown(address), problem=fault)
        path = f"{FOLDER}/imported-{sha256(content).hexdigest()[:16]}.{kind}"
        self.used[path] = content
        return path

    def content(self, address: str) -> bytes:
        if match := DATA.match(address):
            try:
                return base64.b64decode("".join(unquote(address[match.end() :]).split()), validate=True)
            except (binascii.Error, ValueError):
                raise UnfitItem("picture_unfit", address=shown(address), problem="is damaged") from None
        plain = plain_address(address)
        for known, content in self.known.items():
            if known == plain or (plain and known.endswith(f"/{plain}")):
                return content
        raise UnfitItem("picture_missing", address=shown(address) or "without an address")


def plain_address(address: str) -> str:
    """Return the path of a picture as its package writes it, without the name that means the package itself."""
    plain = unquote(unquote(address)).partition("?")[0].strip()
    for base in BASES:
        plain = plain.removeprefix(base)
    return plain.lstrip("/")


def kind_of(content: bytes) -> str:
    """Return the ending for a picture by what is in it, or ""."""
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "svg" if b"<svg" in content[:4096] else ""


def shown(address: str) -> str:
    return cut(address, 60)
