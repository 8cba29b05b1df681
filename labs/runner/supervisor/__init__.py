"""The part outside the sandbox, which owns limits, output, killing and the socket.

It never imports TensorFlow, never runs learner code, and trusts nothing that a child sends.

A run is killed in `execution`: `watch` notices that it exceeds a limit, `execution` decides the verdict, and `box` kills
the process. Sessions that end are killed in `sessions`.
"""
