"""Programs as learners write them, each run in its runtime.

A program is a percent script; the comment `# prints:` and the comment lines after it, at its end, are what it prints. Numbers that
training decides are compared by the program itself, which prints the outcome.
"""
