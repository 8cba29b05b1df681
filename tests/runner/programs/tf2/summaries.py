# %%
import glob

import tensorflow as tf

with tf.summary.create_file_writer("logs").as_default():
    for step in range(3):
        tf.summary.scalar("loss", 1 / (step + 1), step=step)
        tf.summary.histogram("weights", tf.random.normal([20]), step=step)
(path,) = glob.glob("logs/events.out.tfevents.*")
for event in tf.compat.v1.train.summary_iterator(path):
    for value in event.summary.value:
        array = tf.make_ndarray(value.tensor)
        shown = round(float(array), 3) if array.shape == () else array[:, 2].sum()
        print(event.step, value.tag, value.metadata.plugin_data.plugin_name, shown)

# prints:
# 0 loss scalars 1.0
# 0 weights histograms 20.0
# 1 loss scalars 0.5
# 1 weights histograms 20.0
# 2 loss scalars 0.333
# 2 weights histograms 20.0
