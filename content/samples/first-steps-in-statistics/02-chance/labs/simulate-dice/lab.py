# %% [markdown]
# This lab is extra credit. Count cases instead of rolling dice: then the result is exact.

# %% [markdown]
# **The share of a sum.** `share(total)` returns the share of the 36 cases of two dice whose sum is `total`.


# %%
def share(total):
    return 0.5  # TODO: your code here


# %%
for total in range(2, 13):
    print(total, share(total))
