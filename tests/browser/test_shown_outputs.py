"""A lesson shows what its listings showed: before Run, in both themes, in print, without scripts; Run replaces it."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from course.markup import Asset, Setting, ShownOutput, render_page
from tests.browser.shots import look_at
from tests.browser.streaming import site
from tests.browser.test_run_in_place import listing, make_lesson
from tests.labs.conftest import live, own_folders, runner
from tests.rounds import second_round

__all__ = ["live", "own_folders", "runner", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

HEADING = "output => getComputedStyle(output, '::before').content"
TEXT = """Count and draw.

```python {id=counted run=true expect="count 2"}
print("count", 2)
```

```python {id=drawn run=true expect=""}
plot()
```

```python {id=trained run=true expect=""}
train()
```
"""


@pytest.fixture
def lesson(course):
    light, dark = (Asset(static(f"img/mark-{size}.png"), width=180, height=180) for size in (180, 512))
    shown = {
        "counted": (ShownOutput("count 2\n" + "a long line " * 20),),
        "drawn": (ShownOutput("A mark", picture=light, dark=dark),),
        "trained": (
            ShownOutput(axis="epoch", curves={"loss": [(1, 2.3), (2, 0.6), (3, 0.4)], "val_loss": [(1, 2), (3, 0.5)]}),
        ),
    }
    page = render_page(TEXT, Setting(find_outputs=lambda name, digest: shown[name]))
    return make_lesson(course, TEXT, page)


def test_outputs_are_seen_before_run_in_every_look(open_page, look, lesson):
    page = open_page(look)
    page.goto(f"/lessons/{lesson.pk}/")
    expect(listing(page, "counted").locator("[data-shown] pre").first).to_contain_text("count 2")
    expect(page.get_by_role("img", name="loss by epoch: loss from 2.3 to 0.4, val_loss from 2 to 0.5")).to_be_visible()
    look_at(page, "lesson-outputs", look)


def test_a_picture_follows_the_theme_and_is_light_in_print(open_page, lesson):
    page = open_page()
    page.goto(f"/lessons/{lesson.pk}/")
    light, dark = (listing(page, "drawn").locator(f"img[data-in={theme}]") for theme in ("light", "dark"))
    expect(light).to_be_visible()
    expect(dark).to_be_hidden()
    assert dark.evaluate("image => image.complete && image.naturalWidth") == 0  # what is hidden is not loaded
    page.emulate_media(color_scheme="dark")
    expect(dark).to_be_visible()
    expect(light).to_be_hidden()
    page.emulate_media(color_scheme="dark", media="print")
    expect(light).to_be_visible()
    expect(dark).to_be_hidden()
    page.emulate_media(color_scheme="light", media="screen")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(dark).to_be_visible()
    expect(light).to_be_hidden()


def test_outputs_need_no_scripts(open_page, lesson):
    page = open_page(java_script_enabled=False)
    page.goto(f"/lessons/{lesson.pk}/")
    expect(listing(page, "counted").get_by_text("count 2")).to_be_visible()


def test_outputs_say_whose_run_they_are_from(open_page, lesson):
    page = open_page()
    page.goto(f"/lessons/{lesson.pk}/")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        heading = listing(page, "counted").locator("[data-shown]").evaluate(HEADING)
        assert (media, heading) == (media, '"From the author’s run"')


def test_a_run_replaces_what_was_shown_and_starting_code_brings_it_back(open_page, learner, lesson, runner, live):
    live.worker()
    page = open_page(user=learner)
    page.goto(f"/lessons/{lesson.pk}/")
    counted = listing(page, "counted")
    counted.get_by_role("button", name="Edit").click()
    expect(counted.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nprint('more')")
    counted.get_by_role("button", name="Run").click()
    expect(counted.locator(".output")).to_have_text("count 2\nmore")
    expect(counted.locator("[data-shown]")).to_be_hidden()
    expect(listing(page, "drawn").locator("[data-shown]")).to_be_visible()
    counted.get_by_role("button", name="Reset to starting code").click()
    expect(counted.locator("[data-shown]")).to_be_visible()
    expect(counted.locator(".output")).to_be_hidden()
