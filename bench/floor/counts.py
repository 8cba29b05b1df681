"""How much the floor holds."""

LEARNERS, QUESTIONS = 300, 20
