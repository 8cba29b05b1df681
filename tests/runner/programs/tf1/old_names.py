# %%
import keras
import numpy as np
import tensorflow as tf
from keras.layers.core import Activation, Dense
from keras.models import Sequential
from keras.utils import np_utils
from scipy.misc import imresize
from sklearn.cross_validation import train_test_split

with tf.Session() as sess:
    print(sess.run(tf.mul(2, tf.sub(5, 1))), sess.run(tf.pack([1, 2])))
print(imresize(np.zeros((10, 20), np.uint8), 50).shape, np.float(1))
print([len(part) for part in train_test_split(list(range(10)), test_size=0.3)])
flat = tf.contrib.layers.flatten(tf.ones([2, 3, 4]))
print(tf.contrib.layers.fully_connected(flat, 5).shape.as_list())
print(tf.layers.dense(tf.ones([2, 3]), 4, activation=tf.nn.relu).shape.as_list())

# %%
model = Sequential()
model.add(Dense(4, input_dim=2))
model.add(Activation("softmax"))
model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
history = model.fit(np.random.rand(20, 2), np_utils.to_categorical([0, 1, 2, 3] * 5, 4), batch_size=10, epochs=2, verbose=0)
print(sorted(history.history), keras is tf.keras)

# prints:
# 8 [1 2]
# (5, 10) 1.0
# [7, 3]
# [2, 5]
# [2, 4]
# ['acc', 'loss'] True
