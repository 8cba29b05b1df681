# %%
import numpy as np
import tensorflow as tf

global_step = tf.Variable(0, trainable=False)
rate = tf.train.exponential_decay(0.5, global_step, decay_steps=10, decay_rate=0.95, staircase=True)
x = tf.placeholder(tf.float32, [None])
y = tf.placeholder(tf.float32, [None])
slope, intercept = tf.Variable(1.0), tf.Variable(0.2)
loss = tf.reduce_mean(tf.square(slope * x + intercept - y))
train = tf.train.GradientDescentOptimizer(rate).minimize(loss, global_step=global_step)
points = np.linspace(0, 1, 100)
with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    for step in range(100):
        sess.run(train, {x: points, y: 3 * points + 2})
    found = sess.run([slope, intercept])
    print(sess.run(global_step), round(float(sess.run(rate)), 4))
print(np.allclose(found, [3, 2], atol=0.1))

# prints:
# 100 0.2994
# True
