# %%
import numpy as np
import tensorflow as tf

steps, features, hidden = 4, 3, 5
x = tf.placeholder(tf.float32, [None, steps, features])
cell = tf.nn.rnn_cell.BasicLSTMCell(hidden, forget_bias=1.0)
outputs, state = tf.nn.static_rnn(cell, tf.unstack(x, steps, 1), dtype=tf.float32)
logits = tf.matmul(outputs[-1], tf.Variable(tf.random_normal([hidden, 2])))
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=tf.constant([[1.0, 0.0]] * 8)))
train = tf.train.AdamOptimizer(0.1).minimize(cost)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {x: np.random.rand(8, steps, features)}
    first = sess.run(cost, feed)
    for _ in range(30):
        sess.run(train, feed)
    print(len(outputs), state.h.shape.as_list(), bool(sess.run(cost, feed) < first))

# %%
with tf.variable_scope("second"):
    stacked = tf.contrib.rnn.MultiRNNCell([tf.contrib.rnn.GRUCell(hidden) for _ in range(2)])
    outputs, _ = tf.nn.dynamic_rnn(stacked, x, dtype=tf.float32)
print(outputs.shape.as_list())

# prints:
# 4 [None, 5] True
# [None, 4, 5]
