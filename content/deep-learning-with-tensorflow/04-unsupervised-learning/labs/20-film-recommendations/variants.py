"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: item similarity with likes and dislikes
def recommend(likes, known):
    signed = known * (2 * likes - 1)
    return signed @ (signed.T @ signed)


# %% wrong: item similarity that takes gaps for dislikes
# fails: Recommendations for users with other tastes
def recommend(likes, known):
    return likes @ likes.T @ likes


# %% wrong: the same for everybody
# fails: Recommendations for users with other tastes
def recommend(likes, known):
    return np.tile(popularity(likes, known), (len(likes), 1))


# %% wrong: no mask
# fails: A contrastive step that ignores gaps
# fails: Recommendations for users with other tastes
def contrastive_step(v0, mask, uniform, weights, visible, hidden, rate):
    h0 = tf.sigmoid(v0 @ weights + hidden)
    h = tf.cast(uniform < h0, tf.float32)
    v1 = tf.sigmoid(h @ tf.transpose(weights) + visible)
    h1 = tf.sigmoid(v1 @ weights + hidden)
    together = tf.transpose(v0) @ h0 - tf.transpose(v1) @ h1
    return (
        weights + rate * together / tf.cast(tf.shape(v0)[0], tf.float32),
        visible + rate * tf.reduce_mean(v0 - v1, axis=0),
        hidden + rate * tf.reduce_mean(h0 - h1, axis=0),
    )
