# %%
import glob

import tensorflow as tf

with tf.name_scope("cost"):
    cost = tf.placeholder(tf.float32, name="value")
tf.summary.scalar("cost", cost)
weights = tf.Variable(tf.random_normal([10], seed=1))
tf.summary.histogram("weights", weights)
merged = tf.summary.merge_all()
with tf.Session() as sess:
    writer = tf.summary.FileWriter("logs", sess.graph)
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        writer.add_summary(sess.run(merged, {cost: 1.0 / (step + 1)}), step)
    writer.close()

# %%
(path,) = glob.glob("logs/events.out.tfevents.*")
for event in tf.train.summary_iterator(path):
    for value in event.summary.value:
        if value.HasField("simple_value"):
            print(event.step, value.tag, round(value.simple_value, 3))

# prints:
# 0 cost_1 1.0
# 1 cost_1 0.5
# 2 cost_1 0.333
