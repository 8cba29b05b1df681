# %%
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
x = tf.placeholder(tf.float32)
with tf.Session() as sess:
    print(sess.run(x + 1, {x: 2}))

# prints:
# 3.0
