# %%
import tensorflow as tf

a = tf.constant([2])
b = tf.constant([3])
c = tf.add(a, b)
session = tf.Session()
print(session.run(c))
session.close()
with tf.Session() as session:
    print(session.run([a, c]))
    print(c.eval())
try:
    session.run(c)
except RuntimeError as error:
    print(error)

# prints:
# [5]
# [array([2], dtype=int32), array([5], dtype=int32)]
# [5]
# Attempted to use a closed Session.
