"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the cross-entropy written out
cost = tf.reduce_mean(-tf.reduce_sum(y * tf.nn.log_softmax(scores), axis=1))

# %% wrong: no global_step, so the rate never decays
# fails: The records match the training
train_step = tf.train.GradientDescentOptimizer(rate).minimize(cost)

# %% wrong: the softmax of a softmax
# fails: The cost is the mean cross-entropy
cost = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=output)
)
