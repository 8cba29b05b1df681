# %% [markdown]
# Add two numbers.

# %%
answer = None
