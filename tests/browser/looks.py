"""The looks in which every page is tested, each in both themes: two widths; and the narrowest supported width."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Look:
    width: int
    height: int

    def __str__(self) -> str:
        return str(self.width)

    @property
    def options(self) -> dict[str, Any]:
        return {"viewport": {"width": self.width, "height": self.height}, "color_scheme": "light"}


DESKTOP, PHONE, NARROW = Look(1280, 900), Look(390, 844), Look(320, 640)
LOOKS = [DESKTOP, PHONE]
