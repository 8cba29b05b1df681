"""The lab runner: learners' TensorFlow code, warm and sandboxed. A program of its own; only `protocol` is imported elsewhere."""
