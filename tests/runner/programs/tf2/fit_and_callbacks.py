# %%
import keras
import numpy as np

x = np.random.rand(200, 3).astype("float32")
y = x @ np.array([[1.0], [2.0], [3.0]], "float32")
seen = []


class Watch(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        seen.append(epoch)


model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse", metrics=["mae"])
stop = keras.callbacks.EarlyStopping("loss", min_delta=100, patience=2)
history = model.fit(x, y, epochs=9, validation_split=0.2, callbacks=[Watch(), stop], verbose=0)
print(seen, sorted(history.history))
print(sorted(model.evaluate(x, y, verbose=0, return_dict=True)), model.predict(x, verbose=0).shape)

# prints:
# [0, 1, 2] ['loss', 'mae', 'val_loss', 'val_mae']
# ['loss', 'mae'] (200, 1)
