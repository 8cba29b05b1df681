"""The part outside the sandbox: owns limits, output, killing and the socket. It never imports TensorFlow nor runs a
learner's byte, and trusts nothing that a child says."""
