"""The property tests of rules and marking again, with thousands of examples."""

# ruff: noqa: F401  # imported to be collected here, under the profile of the long forms

from tests.questions.test_marking import (
    test_a_canonical_number_is_its_own_canonical_form,
    test_a_canonical_text_is_its_own_canonical_form,
    test_a_number_is_right_when_whole_numbers_say_so,
    test_any_input_gives_canonical_json_or_a_refusal,
)
from tests.rules.test_arithmetic import (
    test_a_shown_percent_reads_as_a_pass_exactly_when_it_is_one,
    test_grade_pass_and_percent_agree_with_whole_numbers,
    test_the_written_sum_adds_up_to_the_grade,
)
from tests.rules.test_attempts import test_no_sequence_of_submissions_gets_past_the_limit_or_beyond_a_right_one
from tests.rules.test_needs import test_state_and_suggestion_agree_with_trying_every_set_of_questions
from tests.rules.test_storable import test_accepted_values_survive_json_and_utf8
from tests.rules.test_timing import (
    test_no_accommodation_is_shorter_than_its_exact_product,
    test_nothing_is_accepted_once_anything_is_settled,
)
