"""Data sets of the labs: small, shipped, their sources in sources.csv; mounted read-only where learners' code runs."""
