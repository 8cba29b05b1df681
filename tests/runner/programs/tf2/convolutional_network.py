# %%
import keras
from finalcheck_data import mnist

(x, y), (x_test, y_test) = mnist()
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(8, 5, strides=2, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[..., None], y, batch_size=64, epochs=2, verbose=0)
print(model.output_shape, model.evaluate(x_test[..., None], y_test, verbose=0)[1] > 0.8)

# prints:
# (None, 10) True
