"""The part outside the sandbox, which owns limits, output, killing and the socket.

It never imports TensorFlow, never runs learner code, and trusts nothing that a child sends.
"""
