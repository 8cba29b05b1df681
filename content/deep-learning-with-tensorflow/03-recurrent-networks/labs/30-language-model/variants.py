"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: bits instead of nats
def perplexity(p):
    return 2 ** -np.log2(p).mean()


# %% wrong: powers that overflow
# fails: Probabilities at any temperature
def softened(scores, temperature):
    powers = np.exp(np.asarray(scores, dtype=float) / temperature)
    return powers / powers.sum()


# %% wrong: counts that start at zero
# fails: A bigram model of any text
def bigram(codes, symbols):
    counts = np.full((symbols, symbols), 1e-9)
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)
