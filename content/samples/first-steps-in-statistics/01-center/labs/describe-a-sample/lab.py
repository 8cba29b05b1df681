# %% [markdown]
# Write three functions without `np.mean` and `np.median`. The tests call them with new samples.

# %% [markdown]
# **1. The mean.** `mean` takes a list of numbers and returns their mean.


# %%
def mean(numbers):
    return 0.0  # TODO: your code here


# %% [markdown]
# **2. The median.** `median` takes a list of numbers in any order. Do not change the list: sort a copy. For an even number
# of values, return the mean of the two in the middle.


# %%
def median(numbers):
    return 0.0  # TODO: your code here


# %% [markdown]
# **3. The gap.** `gap` returns by how much the mean is above the median. One very large value makes it large.


# %%
def gap(numbers):
    return 0.0  # TODO: your code here


# %%
minutes = [2, 3, 3, 4, 58]
print("mean", mean(minutes), "median", median(minutes), "gap", gap(minutes))
