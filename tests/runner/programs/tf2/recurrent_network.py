# %%
import keras
import numpy as np
from finalcheck_data import persuasion

text = persuasion()[:4000]
letters = sorted(set(text))
numbers = np.array([letters.index(letter) for letter in text])
x = np.stack([numbers[at : at + 20] for at in range(0, 3900, 3)])
y = np.array([numbers[at + 20] for at in range(0, 3900, 3)])
model = keras.Sequential([keras.Input((20,)), keras.layers.Embedding(len(letters), 8), keras.layers.LSTM(16), keras.layers.Dense(len(letters))])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
losses = model.fit(x, y, epochs=3, verbose=0).history["loss"]
print(losses[-1] < losses[0])

# prints:
# True
