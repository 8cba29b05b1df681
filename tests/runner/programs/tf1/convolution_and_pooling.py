# %%
import numpy as np
import tensorflow as tf

image = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
kernel = np.ones((2, 2, 1, 1), np.float32)
valid = tf.nn.conv2d(image, kernel, strides=[1, 1, 1, 1], padding="VALID")
same = tf.nn.conv2d(image, kernel, strides=[1, 1, 1, 1], padding="SAME")
pooled = tf.nn.max_pool(image, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
with tf.Session() as sess:
    print(sess.run(valid)[0, :, :, 0])
    print(sess.run(same).shape, sess.run(same)[0, -1, -1, 0])
    print(sess.run(pooled)[0, :, :, 0])

# prints:
# [[10. 14. 18.]
#  [26. 30. 34.]
#  [42. 46. 50.]]
# (1, 4, 4, 1) 15.0
# [[ 5.  7.]
#  [13. 15.]]
