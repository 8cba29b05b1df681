"""Never answers."""

# %%
import time


def predict(x, slope, intercept):
    while True:
        time.sleep(1)


mean_squared_error = fit = predict
