# %%
import tensorflow as tf

x = tf.linspace(0.0, 1.0, 100)
y = 3 * x + 2
slope, intercept = tf.Variable(0.0), tf.Variable(0.0)
for step in range(1, 301):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((slope * x + intercept - y) ** 2)
    for variable, gradient in zip([slope, intercept], tape.gradient(loss, [slope, intercept])):
        variable.assign_sub(0.5 * gradient)
    progress(step, 300, loss=loss)
print(round(float(slope), 2), round(float(intercept), 2))

# prints:
# 3.0 2.0
