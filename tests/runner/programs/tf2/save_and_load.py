# %%
import keras
import numpy as np
import tensorflow as tf

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="relu")])
x = np.ones((1, 3))
model.save("model.keras")
print(np.array_equal(keras.models.load_model("model.keras")(x), model(x)))
model.save_weights("w.weights.h5")
other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="relu")])
other.load_weights("w.weights.h5")
print(np.array_equal(other(x), model(x)))
checkpoint = tf.train.Checkpoint(v=tf.Variable(4.0))
path = checkpoint.save("ck")
checkpoint.v.assign(0.0)
checkpoint.restore(path)
print(checkpoint.v.numpy())

# prints:
# True
# True
# 4.0
