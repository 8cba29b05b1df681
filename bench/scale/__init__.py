"""What 1,000 to 1,000,000 learners need: the arithmetic behind docs/scale.md, and a simulation that checks it."""
