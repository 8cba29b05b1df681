"""A rewrite of `tensorflow.examples.tutorials.mnist.input_data` that uses the labs' own digits."""

from collections import namedtuple

import numpy as np

from labs.runner.data import loaders

Datasets = namedtuple("Datasets", ["train", "validation", "test"])
TAUGHT_SIZE = 5_000  # the original held back 5,000 of 60,000
VALIDATION_SIZE = 500
CLASSES = 10


class DataSet:
    """Images (float32 in 0…1, flat unless `reshape` is false) and labels, served in batches that cover an epoch."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = images, labels
        self.num_examples = len(images)
        self.epochs_completed = 0
        self._order = np.arange(self.num_examples)
        self._next = 0

    def next_batch(
        self, batch_size: int, fake_data: bool = False, shuffle: bool = True
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the next `batch_size` samples. A batch that passes the end continues with the next epoch, in a new order."""
        if fake_data:
            raise ValueError("fake_data is not supported: the digits are here")
        if shuffle and self._next == 0 and self.epochs_completed == 0:
            np.random.shuffle(self._order)
        taken = self._order[self._next : self._next + batch_size].copy()  # the next epoch shuffles in place
        self._next += batch_size
        if self._next > self.num_examples:
            taken = np.concatenate([taken, self._turn_over(shuffle, batch_size - len(taken))])
        return self.images[taken], self.labels[taken]

    def _turn_over(self, shuffle: bool, missing: int) -> np.ndarray:
        self.epochs_completed += 1
        if shuffle:
            np.random.shuffle(self._order)
        self._next = missing
        return self._order[:missing]


def read_data_sets(
    train_dir: str = "",
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: object = None,
    reshape: bool = True,
    validation_size: int = TAUGHT_SIZE,
    seed: int | None = None,
    source_url: str = "",
) -> Datasets:
    """Return 8,000 digits for training, 500 for validation and 1,500 for testing. Folder and address are ignored.

    The original's default validation size of 5,000 becomes 500, because there are fewer digits here.
    """
    (images, labels), (test_images, test_labels) = loaders.mnist()
    held_back = VALIDATION_SIZE if validation_size == TAUGHT_SIZE else validation_size
    if not 0 <= held_back <= len(images):
        raise ValueError(f"Validation size should be between 0 and {len(images)}. Received: {validation_size}.")
    keeps_bytes = getattr(dtype, "name", "float32") == "uint8"

    def prepared(some: np.ndarray, named: np.ndarray) -> DataSet:
        scaled = some[..., None] if keeps_bytes else (some[..., None] / np.float32(255)).astype(np.float32)
        shaped = scaled.reshape(len(some), -1) if reshape else scaled
        return DataSet(shaped, np.eye(CLASSES)[named] if one_hot else named)

    return Datasets(
        train=prepared(images[held_back:], labels[held_back:]),
        validation=prepared(images[:held_back], labels[:held_back]),
        test=prepared(test_images, test_labels),
    )
