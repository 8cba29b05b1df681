"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: states written into an array
def unroll(x, Wx, Wh, b):
    states = np.zeros((len(x), x.shape[1], len(b)))
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        states[:, t] = h = step(x[:, t], h, Wx, Wh, b)
    return states


# %% wrong: the derivative of tanh is missing
# fails: The backward pass of the gradient
def lengths(states, Wh):
    gradient, found = np.ones(states.shape[1]), []
    for h in states[::-1]:
        found.append(np.linalg.norm(gradient))
        gradient = Wh @ gradient
    return np.array(found)
