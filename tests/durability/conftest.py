from tests.races.conftest import guards_stand_aside_for_the_flush

__all__ = ["guards_stand_aside_for_the_flush"]
