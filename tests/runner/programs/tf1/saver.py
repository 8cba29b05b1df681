# %%
import tensorflow as tf

w = tf.Variable([1.0, 2.0], name="w")
saver = tf.train.Saver()
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(w.assign([5.0, 6.0]))
    saver.save(sess, "./model.ckpt")
with tf.Session() as sess:
    saver.restore(sess, "./model.ckpt")
    print(sess.run(w))

# prints:
# [5. 6.]
