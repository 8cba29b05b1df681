"""What mail declines: links that we did not make."""

from foundation.refusals import Refusal

__all__ = ["Refusal"]
