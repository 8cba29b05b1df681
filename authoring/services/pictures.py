"""Make the pictures that authors upload small enough for a phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from authoring.folder.files import FORMATS, picture_fault
from authoring.refusals import Refusal
from foundation.fast.lazy import lazily

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image, ImageOps = lazily("PIL.Image"), lazily("PIL.ImageOps")

LIGHT = 200_000  # bytes; a smaller picture stays as it is
WIDEST = 1600  # pixels: twice the width of a lesson, for fine screens
QUALITY = 82  # of JPEG, from 0 to 100
SHRUNK = ("PNG", "JPEG")


@dataclass(frozen=True)
class SmallerPicture:
    """A picture that was made smaller; sizes in bytes."""

    name: str
    before: int
    after: int


def refuse_unfit_pictures(files: Mapping[str, bytes]) -> None:
    """Raise Refusal picture_unfit if a file is not the picture that its name says."""
    for name, content in files.items():
        if fault := picture_fault(name, content):
            raise Refusal("picture_unfit", name=name, problem=fault)


def shrink_pictures(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[SmallerPicture]]:
    """Return the files with large PNG and JPEG pictures made smaller, and which these are. Raises Refusal picture_unfit.

    A picture is turned upright. What the camera wrote into it, such as the place, is removed with the rest of its notes.
    """
    refuse_unfit_pictures(files)
    fitted, smaller = dict(files), []
    for name, content in files.items():
        if _format(name) in SHRUNK and len(content) > LIGHT:
            written = _smaller(content)
            if len(written) < len(content):
                fitted[name] = written
                smaller.append(SmallerPicture(name, len(content), len(written)))
    return fitted, smaller


def _format(name: str) -> str:
    return FORMATS.get(name.lower().rpartition(".")[2], "")


def _smaller(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as opened:
        kind = opened.format
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((WIDEST, WIDEST * 4))
        file = BytesIO()
        if kind == "JPEG":
            picture.save(
                file, kind, quality=QUALITY, optimize=True, progressive=True, icc_profile=opened.info.get("icc_profile")
            )
        else:
            picture.save(file, kind, optimize=True)
    return file.getvalue()
