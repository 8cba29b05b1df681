"""Benchmarks: one program for each performance goal, each with a reference that it measures in the same run.

docs/testing.md says how to run them and how to add one.
"""
