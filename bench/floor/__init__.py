"""The floor: the smallest Django application that does for a request what the product must do, and nothing else.

It signs people in, checks the CSRF token, locks a row, stores a response, updates a score and renders a template. A
product that costs 1.6 times the floor spends six tenths of a minimal request on everything it offers beyond that.
"""
