# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train_images, train_labels), (test_images, test_labels) = mnist()


def prepared(images):
    """Turn bytes [n, 28, 28] into floats from 0 to 1, with an axis for the channel."""
    return images[..., None].astype("float32") / 255

# %% [markdown]
# The bias has one entry for each channel, and the channels are the last axis of the maps. So broadcasting adds it at
# every position.

# %%
def feature_maps(images, kernels, bias):
    return tf.nn.relu(tf.nn.conv2d(images, kernels, 1, "SAME") + bias)

# %% [markdown]
# `np.where` chooses for each entry. Dividing by `keep` keeps the expected value the same.

# %%
def dropped(a, draws, keep):
    return np.where(draws < keep, a / keep, 0)

# %% [markdown]
# The table, line by line.

# %%
def network():
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            tf.keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10),
        ]
    )

# %% [markdown]
# The labels are integers and not one-hot vectors, so the loss is the sparse one.

# %%
def train(model, images, labels, epochs):
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])
    model.fit(prepared(images), labels, batch_size=50, epochs=epochs, verbose=0)
    return model


def trained_weights(images, labels):
    tf.keras.utils.set_random_seed(7)
    return train(network(), images, labels, epochs=3).get_weights()

# %%
tf.keras.utils.set_random_seed(7)
model = train(network(), train_images, train_labels, epochs=3)

answers = np.argmax(
    model.predict(prepared(test_images), batch_size=500, verbose=0), axis=1
)
print(f"{np.mean(answers == test_labels):.3f} of the test digits")

# %% [markdown]
# The last axis counts the kernels. It is split into rows and columns of tiles, and then the axes are reordered so
# that the pixels of a row are next to each other: row of tiles, row of pixels, column of tiles, column of pixels.

# %%
def tiled(kernels, columns):
    framed = np.pad(kernels[:, :, 0], [(0, 1), (0, 1), (0, 0)])
    h, w, n = framed.shape
    rows = framed.reshape(h, w, n // columns, columns).transpose(2, 0, 3, 1)
    return rows.reshape(n // columns * h, columns * w)

# %%
weights = model.get_weights()
plt.figure(figsize=(8, 4))
plt.imshow(tiled(weights[0], 8), cmap="gray")
plt.title("16 kernels of the first layer")
plt.axis("off")
plt.show()

# %%
first = feature_maps(prepared(test_images[:1]), weights[0], weights[1])
pooled = tf.nn.max_pool2d(first, 2, 2, "SAME")
second = feature_maps(pooled, weights[2], weights[3])
for name, maps in (("first", first), ("second", second)):
    plt.figure(figsize=(8, 4))
    plt.imshow(tiled(np.transpose(maps, (1, 2, 0, 3)), 8), cmap="gray")
    plt.title(f"{name} layer, one digit")
    plt.axis("off")
    plt.show()
    print(f"{name} layer: {np.mean(maps == 0):.2f} of the activations are zero")
