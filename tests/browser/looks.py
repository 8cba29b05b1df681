"""The looks in which every page is tested: two widths and two themes; and the narrowest supported width."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Look:
    width: int
    height: int
    theme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"

    @property
    def options(self) -> dict[str, Any]:
        return {"viewport": {"width": self.width, "height": self.height}, "color_scheme": self.theme}


DESKTOP, DESKTOP_DARK = Look(1280, 900, "light"), Look(1280, 900, "dark")
PHONE, PHONE_DARK = Look(390, 844, "light"), Look(390, 844, "dark")
NARROW = Look(320, 640, "light")
LOOKS = [DESKTOP, DESKTOP_DARK, PHONE, PHONE_DARK]
