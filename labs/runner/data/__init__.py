"""The small data sets that ship with the labs, mounted read-only where learners' code runs. sources.csv lists their sources."""
