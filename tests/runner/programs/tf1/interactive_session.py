# %%
import tensorflow as tf

sess = tf.InteractiveSession()
matrix = tf.constant([[1.0, 2.0], [3.0, 4.0]])
print(tf.matmul(matrix, matrix).eval())
print(tf.reduce_sum(matrix, reduction_indices=[1]).eval())
sess.close()

# prints:
# [[ 7. 10.]
#  [15. 22.]]
# [3. 7.]
