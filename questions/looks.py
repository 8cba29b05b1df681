"""What the kept controls of questions may show. The response is filled in for each request."""

from foundation.fast.looks import Look

RESPONSE = {"name": "name", "value": "card.value"}

number_input = Look("card.unit", "card.tolerance", "is_practice", "lacks_button", filled=RESPONSE)
text_input = Look("card.max_length", "card.is_case_exact", "is_practice", "lacks_button", filled=RESPONSE)
