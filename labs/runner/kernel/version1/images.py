"""The image functions that SciPy once had (`scipy.misc`), on top of Pillow."""

import numpy as np
from PIL import Image

RESAMPLING = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "cubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def bytescale(data: np.ndarray) -> np.ndarray:
    """Stretch the values from their range to 0…255; leave bytes as they are."""
    data = np.asarray(data)
    if data.dtype == np.uint8:
        return data
    low, span = data.min(), np.ptp(data) or 1
    return ((data - low) * (255.0 / span) + 0.5).clip(0, 255).astype(np.uint8)


def toimage(arr: np.ndarray) -> Image.Image:
    return Image.fromarray(bytescale(arr))


def fromimage(im: Image.Image, flatten: bool = False) -> np.ndarray:
    return np.asarray(im.convert("F")) if flatten else np.asarray(im)


def imread(name: str, flatten: bool = False, mode: str | None = None) -> np.ndarray:
    with Image.open(name) as image:
        return fromimage(image.convert(mode) if mode else image, flatten)


def imsave(name: str, arr: np.ndarray, format: str | None = None) -> None:
    toimage(arr).save(name, format)


def imresize(
    arr: np.ndarray, size: int | float | tuple[int, ...], interp: str = "bilinear", mode: str | None = None
) -> np.ndarray:
    """Resize an image. A whole number is a percentage, a fraction is a factor, a pair is rows and columns."""
    image = toimage(arr)
    if isinstance(size, tuple | list):
        target = (int(size[1]), int(size[0]))
    else:
        factor = size / 100 if isinstance(size, int | np.integer) else size
        target = (max(int(image.width * factor), 1), max(int(image.height * factor), 1))
    return np.asarray(image.resize(target, RESAMPLING[interp]))


def imrotate(arr: np.ndarray, angle: float, interp: str = "bilinear") -> np.ndarray:
    return np.asarray(toimage(arr).rotate(angle, RESAMPLING[interp]))


def imshow(arr: np.ndarray) -> None:
    import matplotlib.pyplot as plt

    plt.imshow(bytescale(arr), cmap="gray")
    plt.axis("off")
    plt.show()


def face(gray: bool = False) -> np.ndarray:
    """Return a sample picture: scikit-learn's china.jpg, because SciPy's raccoon is not shipped."""
    from sklearn.datasets import load_sample_image

    picture = load_sample_image("china.jpg")
    return picture.mean(axis=2).astype(np.uint8) if gray else picture


def ascent() -> np.ndarray:
    """Return a square gray picture, 512 × 512, cut and enlarged from china.jpg."""
    return imresize(face(gray=True)[:, 100:527], (512, 512))


NAMES = {
    function.__name__: function
    for function in (bytescale, toimage, fromimage, imread, imsave, imresize, imrotate, imshow, face, ascent)
}
