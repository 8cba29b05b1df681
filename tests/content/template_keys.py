"""Every template's key, computed by other means than its author used."""

from tests.content import (
    keys_autoencoders,
    keys_convolution,
    keys_introduction,
    keys_recurrent,
    keys_unsupervised,
    templates,
)

KEYS = {
    **templates.KEYS,
    **keys_introduction.KEYS,
    **keys_convolution.KEYS,
    **keys_recurrent.KEYS,
    **keys_unsupervised.KEYS,
    **keys_autoencoders.KEYS,
}
