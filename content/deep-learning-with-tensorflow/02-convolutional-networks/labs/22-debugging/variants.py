"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: a softmax in the network of program C, and a loss from probabilities
def network_c():
    tf.keras.utils.set_random_seed(7)
    return build(dense(64, activation="relu"), dense(10, activation="softmax"))


def loss_c(labels, outputs):
    p = tf.gather(outputs, tf.cast(labels, tf.int32), axis=1, batch_dims=1)
    return -tf.reduce_mean(tf.math.log(tf.maximum(p, 1e-12)))


# %% right: columns of targets in program E, and small weights of both signs in program D
def loss_e(targets, outputs):
    p = tf.clip_by_value(outputs, 1e-6, 1 - 1e-6)
    yes, no = tf.math.log(p), tf.math.log(1 - p)
    return -tf.reduce_mean(targets[:, None] * yes + (1 - targets[:, None]) * no)


def train_d(images, labels):
    tf.keras.utils.set_random_seed(7)
    start = tf.keras.initializers.RandomNormal(stddev=0.05)
    model = build(
        dense(64, activation="relu", kernel_initializer=start), dense(10)
    )
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.5)


# %% right: a rate of 0.2 for program A, and no folders for program B
def train_a(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.2)


def train_b(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    return model, descend(model, cross_entropy, images, labels, rate=0.2)


# %% wrong: every fault has the name of another
# fails: The fault of program A
# fails: The fault of program B
# fails: The fault of program C
# fails: The fault of program D
# fails: The fault of program E
fault_a = "rate too low"
fault_b = "too few images"
fault_c = "rate too low"
fault_d = "silent broadcast"
fault_e = "dead units"


# %% wrong: program A keeps its rate and trains four times as long
# fails: Program A reads unseen digits
def train_a(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(
        model, cross_entropy, images, labels, rate=5.0, epochs=12
    )


# %% wrong: program B trains four times as long on the folders
# fails: Program B reads unseen digits
def train_b(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    images, labels = from_folders(images, labels)
    return model, descend(
        model, cross_entropy, images, labels, rate=0.2, epochs=12
    )


# %% wrong: program B shuffles the images, but not their labels
# fails: Program B reads unseen digits
def train_b(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    images, labels = from_folders(images, labels)
    images = images[np.random.default_rng(1).permutation(len(images))]
    return model, descend(model, cross_entropy, images, labels, rate=0.2)


# %% wrong: program C subtracts the smallest loss of two softmaxes
# fails: Program C reports the cross-entropy
def network_c():
    tf.keras.utils.set_random_seed(7)
    return build(dense(64, activation="relu"), dense(10, activation="softmax"))


def loss_c(labels, outputs):
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, outputs)
    return tf.reduce_mean(each) - tf.math.log(1 + 9 / tf.exp(1.0))


# %% wrong: program D adds a bias that is too small to activate a unit
# fails: Program D reads unseen digits
def train_d(images, labels):
    tf.keras.utils.set_random_seed(7)
    start = tf.keras.initializers.RandomUniform(-0.1, 0.0)
    bias = tf.keras.initializers.Constant(0.1)
    model = build(
        dense(64, "relu", kernel_initializer=start, bias_initializer=bias),
        dense(10),
    )
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.5)


# %% wrong: program D takes steps four times as long
# fails: Program D reads unseen digits
def train_d(images, labels):
    tf.keras.utils.set_random_seed(7)
    start = tf.keras.initializers.RandomUniform(-0.1, 0.0)
    model = build(
        dense(64, activation="relu", kernel_initializer=start), dense(10)
    )
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=2.0)


# %% wrong: units that are 0 for one image count as dead
# fails: Dead units are counted
def dead_units(hidden):
    return np.sum(np.min(hidden, axis=0) == 0)


# %% wrong: program E trains four times as long with its broadcast
# fails: Program E answers for unseen digits
def loss_e(targets, outputs):
    p = tf.clip_by_value(outputs, 1e-6, 1 - 1e-6)
    yes, no = tf.math.log(p), tf.math.log(1 - p)
    return -tf.reduce_mean(targets * yes + (1 - targets) * no)


def train_e(images, targets):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(1, activation="sigmoid"))
    order = np.random.default_rng(1).permutation(len(images))
    images, targets = images[order], targets[order]
    return model, descend(model, loss_e, images, targets, rate=0.2, epochs=12)


# %% wrong: the outputs of program E are averaged before the comparison
# fails: Program E answers for unseen digits
def loss_e(targets, outputs):
    p = tf.clip_by_value(tf.reduce_mean(outputs), 1e-6, 1 - 1e-6)
    yes, no = tf.math.log(p), tf.math.log(1 - p)
    return -tf.reduce_mean(targets * yes + (1 - targets) * no)
