# %%
import tensorflow as tf

traces = []


@tf.function
def collatz(n):
    traces.append(1)
    steps = 0
    while n > 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


print(int(collatz(tf.constant(6))), int(collatz(tf.constant(27))), len(traces))

# prints:
# 8 111 1
