# %%
import tensorflow as tf

keep_prob = tf.placeholder(tf.float32)
dropped = tf.nn.dropout(tf.ones([10000]), keep_prob)
with tf.Session() as sess:
    half = sess.run(dropped, {keep_prob: 0.5})
    print(sorted(set(half.tolist())), 0.45 < (half > 0).mean() < 0.55)
    print(sess.run(dropped, {keep_prob: 1.0}).min())

# prints:
# [0.0, 2.0] True
# 1.0
