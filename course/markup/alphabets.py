"""Unicode's mathematical alphabets: where each begins, and the letters encoded elsewhere before the block existed.

Source: The Unicode Standard 16.0, block Mathematical Alphanumeric Symbols (U+1D400–U+1D7FF).
"""

# variant: code points of “A” (a–z follow), of the first Greek capital (small letters follow) and of the digit 0
ALPHABETS = {
    "bold": (0x1D400, 0x1D6A8, 0x1D7CE),
    "italic": (0x1D434, 0x1D6E2, None),
    "bold-italic": (0x1D468, 0x1D71C, 0x1D7CE),
    "script": (0x1D49C, None, None),
    "fraktur": (0x1D504, None, None),
    "double-struck": (0x1D538, None, 0x1D7D8),
    "sans-serif": (0x1D5A0, None, 0x1D7E2),
    "sans-serif-italic": (0x1D608, None, None),
    "monospace": (0x1D670, None, 0x1D7F6),
}
ELSEWHERE = {
    "italic": {"h": "ℎ"},
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}
FIRST_CAPITAL, FIRST_SMALL = 0x391, 0x3B1  # Α, α
SMALL_OFFSET = 26  # the small Greek letters follow the 25 capitals (with a gap for ϴ) and ∇


def in_alphabet(text: str, variant: str) -> str:
    """Return the text in a mathematical alphabet. Characters that the alphabet lacks are unchanged."""
    return "".join(_letter(character, variant) for character in text)


def _letter(character: str, variant: str) -> str:
    if variant not in ALPHABETS:
        return character
    if character in ELSEWHERE.get(variant, {}):
        return ELSEWHERE[variant][character]
    latin, greek, digit = ALPHABETS[variant]
    if "A" <= character <= "Z":
        return chr(latin + ord(character) - ord("A"))
    if "a" <= character <= "z":
        return chr(latin + 26 + ord(character) - ord("a"))
    if digit and "0" <= character <= "9":
        return chr(digit + int(character))
    if greek and "Α" <= character <= "Ω":
        return chr(greek + ord(character) - FIRST_CAPITAL)
    if greek and "α" <= character <= "ω":
        return chr(greek + SMALL_OFFSET + ord(character) - FIRST_SMALL)
    return character
