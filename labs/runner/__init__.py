"""The lab runner runs learners' TensorFlow code, warm and sandboxed, as a separate program.

Other packages import only `protocol`.
"""
