# %% [markdown]
# Write three functions without `np.mean` and `np.median`. The tests call them with new samples.

# %% [markdown]
# **1. The mean.** `mean` takes a list of numbers and returns their mean.


# %%
def mean(numbers):
    return sum(numbers) / len(numbers)


# %% [markdown]
# **2. The median.** `median` takes a list of numbers in any order. Do not change the list: sort a copy. For an even number
# of values, return the mean of the two in the middle.


# %%
def median(numbers):
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


# %% [markdown]
# **3. The gap.** `gap` returns by how much the mean is above the median. One very large value makes it large.


# %%
def gap(numbers):
    return mean(numbers) - median(numbers)


# %%
minutes = [2, 3, 3, 4, 58]
print("mean", mean(minutes), "median", median(minutes), "gap", gap(minutes))
