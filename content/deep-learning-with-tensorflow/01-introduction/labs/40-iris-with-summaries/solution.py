# %%
import glob
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

iris = load_iris()
train_x, test_x, train_y, test_y = train_test_split(
    iris.data.astype("float32"),
    np.eye(3, dtype="float32")[iris.target],  # one-hot
    test_size=1 / 3,
    random_state=42,
)

tf.reset_default_graph()
x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 3])
weights = tf.Variable(tf.random_normal([4, 3], stddev=0.01, seed=1))
bias = tf.Variable(tf.zeros([3]))

# %%
scores = tf.matmul(x, weights) + bias
output = tf.nn.softmax(scores)

# %% [markdown]
# The scores get a separate name, because the cross-entropy needs the scores and not their softmax.

# %%
cost = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=scores)
)

is_right = tf.equal(tf.argmax(output, 1), tf.argmax(y, 1))
accuracy = tf.reduce_mean(tf.cast(is_right, tf.float32))

# %%
global_step = tf.Variable(0, trainable=False)

rate = tf.train.exponential_decay(
    0.05, global_step, decay_steps=100, decay_rate=0.95, staircase=True
)
train_step = tf.train.GradientDescentOptimizer(rate).minimize(
    cost, global_step=global_step
)

# %% [markdown]
# The `with` block closes the session and the writer. A record is made before the step with the same number, so record
# 0 shows the untrained model.

# %%
tf.summary.scalar("cost", cost)
tf.summary.scalar("accuracy", accuracy)
tf.summary.histogram("weights", weights)
tf.summary.histogram("output", output)
summaries = tf.summary.merge_all()


def train(x_values, y_values, epochs, folder):
    feed = {x: x_values, y: y_values}
    with tf.Session() as session, tf.summary.FileWriter(folder) as writer:
        session.run(tf.global_variables_initializer())
        for epoch in range(epochs):
            if epoch % 10 == 0:
                record, loss = session.run([summaries, cost], feed)
                writer.add_summary(record, epoch)
                progress(epoch, epochs, cost=loss)
            session.run(train_step, feed)
        return session.run([weights, bias])


# %%
def read_scalars(folder):
    """Return [[step, value], …] for each scalar in the event files."""
    found = {}
    for path in sorted(glob.glob(f"{folder}/*tfevents*")):
        for event in tf.train.summary_iterator(path):
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    found.setdefault(value.tag, []).append(
                        [event.step, value.simple_value]
                    )
    return found


def recorded(x_values, y_values, epochs):
    with tempfile.TemporaryDirectory() as folder:
        train(x_values, y_values, epochs, folder)
        return read_scalars(folder)


# %%
final_weights, final_bias = train(train_x, train_y, 700, "summaries")
scores = test_x @ final_weights + final_bias
print("held out", np.mean(scores.argmax(axis=1) == test_y.argmax(axis=1)))

records = read_scalars("summaries")
for rows in records.values():
    plt.plot(*np.transpose(rows))
plt.legend(list(records))
plt.xlabel("step")
plt.show()

# %%
test_session = tf.Session()
