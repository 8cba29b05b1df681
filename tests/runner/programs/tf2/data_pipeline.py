# %%
import tensorflow as tf

data = tf.data.Dataset.range(10).shuffle(10).map(lambda n: n * n, num_parallel_calls=tf.data.AUTOTUNE).batch(4).prefetch(1)
batches = [batch.numpy() for batch in data]
print([len(batch) for batch in batches], sum(batch.sum() for batch in batches))

# prints:
# [4, 4, 2] 285
