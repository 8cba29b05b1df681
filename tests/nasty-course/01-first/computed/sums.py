def one_and_one() -> int:
    return 1 + 1
