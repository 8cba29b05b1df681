# %%
import tensorflow as tf

x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
print((x @ x).numpy())
counter = tf.Variable(0)
counter.assign_add(2)
print(counter.numpy(), tf.executing_eagerly())

# prints:
# [[ 7. 10.]
#  [15. 22.]]
# 2 True
