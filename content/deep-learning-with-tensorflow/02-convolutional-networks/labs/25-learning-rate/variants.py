"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: NumPy's geometric series, powers in one line, and no graph
def growing_rates(lowest, highest, steps):
    return np.geomspace(lowest, highest, steps)


def descend(variables, x, y, rates):
    losses = []
    for images, labels, rate in zip(x, y, rates):
        with tf.GradientTape() as tape:
            loss = loss_of(variables, images, labels)
        for variable, slope in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(np.float32(rate) * slope)
        losses.append(loss.numpy())
    return np.array(losses)


def scheduled_rate(step, steps, warm_up, peak):
    rest = max(0, step - warm_up) / (steps - warm_up)
    return peak * min(1, (step + 1) / warm_up) * np.cos(np.pi * rest / 2) ** 2


# %% right: an optimizer of Keras
def descend(variables, x, y, rates):
    optimizer = tf.keras.optimizers.SGD()
    losses = []
    for images, labels, rate in zip(x, y, rates):
        with tf.GradientTape() as tape:
            loss = loss_of(variables, images, labels)
        optimizer.learning_rate = rate
        slopes = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(slopes, variables))
        losses.append(loss.numpy())
    return np.array(losses)


# %% wrong: the rates grow by the same difference
# fails: The rates grow by one factor
def growing_rates(lowest, highest, steps):
    return np.linspace(lowest, highest, steps)


# %% wrong: the loss is recorded after the step
# fails: The descent uses a rate for each step
def descend(variables, x, y, rates):
    @tf.function
    def step(images, labels, rate):
        with tf.GradientTape() as tape:
            loss = loss_of(variables, images, labels)
        for variable, slope in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(rate * slope)
        return loss_of(variables, images, labels)

    losses = []
    for images, labels, rate in zip(x, y, rates):
        loss = step(images, labels, tf.constant(rate, tf.float32))
        losses.append(loss.numpy())
    return np.array(losses)


# %% wrong: no correction of the first averages
# fails: The moving average is corrected
def smoothed(losses, keep=0.9):
    average, averages = 0.0, []
    for loss in losses:
        average = keep * average + (1 - keep) * loss
        averages.append(average)
    return np.array(averages)


# %% wrong: the rate at which training fails, not a quarter of it
# fails: A quarter of the rate at which training fails
# fails: The suggested rate trains well
def suggested_rate(rates, smooth):
    lowest = np.argmin(smooth)
    return rates[lowest + np.argmax(smooth[lowest:] > smooth[0])]


# %% wrong: a thousandth of the rate at which training fails
# fails: A quarter of the rate at which training fails
# fails: The suggested rate trains well
# fails: Range test and schedule train a network
def suggested_rate(rates, smooth):
    lowest = np.argmin(smooth)
    return rates[lowest + np.argmax(smooth[lowest:] > smooth[0])] / 1000


# %% wrong: a good rate that somebody else found, without a range test
# fails: A quarter of the rate at which training fails
def suggested_rate(rates, smooth):
    return 0.3


# %% wrong: a cosine without a warm-up
# fails: The schedule warms up
# fails: The schedule falls along a cosine
def scheduled_rate(step, steps, warm_up, peak):
    return peak / 2 * (1 + np.cos(np.pi * step / steps))


# %% wrong: a warm-up from 0
# fails: The schedule warms up
def scheduled_rate(step, steps, warm_up, peak):
    if step < warm_up:
        return peak * step / warm_up
    rest = (step - warm_up) / (steps - warm_up)
    return peak / 2 * (1 + np.cos(np.pi * rest))


# %% wrong: the schedule stays at the peak of the rates that fail
# fails: The schedule falls along a cosine
# fails: Range test and schedule train a network
def scheduled_rate(step, steps, warm_up, peak):
    return 10 * peak * min(1, (step + 1) / warm_up)


# %% wrong: the network is not trained
# fails: Range test and schedule train a network
def train(images, labels):
    return new_network()
