# %%
import tensorflow as tf

with tf.name_scope("layer"):
    w = tf.Variable(1.0, name="w")
    product = tf.multiply(w, 2.0, name="product")
with tf.variable_scope("shared"):
    first = tf.get_variable("v", shape=[2], initializer=tf.constant_initializer(3.0))
with tf.variable_scope("shared", reuse=True):
    second = tf.get_variable("v", shape=[2])
print(w.name, product.name, first is second)
print([variable.name for variable in tf.trainable_variables()])
tf.reset_default_graph()
print(tf.trainable_variables())

# prints:
# layer/w:0 layer/product:0 True
# ['layer/w:0', 'shared/v:0']
# []
