# %% [markdown]
# Find the tensor.

# %%
answer = None
