"""The looks of kept parts in tests."""

from foundation.fast.looks import Look

one = Look("one")
two_filled = Look("one", filled={"two": "two.0"})
two_with_one = Look("two", filled={"one": "one"})
three_filled = Look("one", filled={"three": "three"}, shows=("two",))
two = Look("two")
ordered = Look("one", shows=("items",), order="ranks")
if_one = Look("one", "two", shows=("text",), needs="one")
titled = Look("course.title", "user.is_staff", shows=("lesson.html",), named={"phase": "seconds|yesno"})
everything = Look("one", is_open=True)
