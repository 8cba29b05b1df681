# %%
import tensorflow as tf

a = tf.placeholder(tf.float32)
b = a * 2
with tf.Session() as sess:
    print(sess.run(b, feed_dict={a: 3.5}))
    cube = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    print(sess.run(b, feed_dict={a: cube}).sum())

# %%
x = tf.placeholder(tf.float32, [None, 3], name="x")
default = tf.placeholder_with_default(tf.ones([2]), [None])
with tf.Session() as sess:
    print(sess.run("x:0", {x: [[1, 2, 3]]}), sess.run(default))

# prints:
# 7.0
# 72.0
# [[1. 2. 3.]] [1. 1.]
