"""Libraries that lock their files work, although locks do nothing in the sandbox, and so do threads that wait."""

import pytest

from tests.runner.talk import run_code

SQLITE = """
import sqlite3
for mode in ("delete", "wal"):
    with sqlite3.connect(f"{mode}.db") as first:
        print(first.execute(f"pragma journal_mode={mode}").fetchone()[0])
        first.execute("create table t (x)")
        first.execute("insert into t values (1)")
    second = sqlite3.connect(f"{mode}.db")
    second.execute("insert into t values (2)")
    second.commit()
    print(first.execute("select sum(x) from t").fetchone())
    first.close()
    second.close()
"""
SHELVES = """
import shelve
with shelve.open("kept") as shelf:
    shelf["a"] = 1
with shelve.open("kept") as shelf:
    print(shelf["a"])
"""
HDF5 = """
import h5py, numpy as np
with h5py.File("a.h5", "w") as file:
    file["x"] = np.arange(9)
with h5py.File("a.h5") as one, h5py.File("a.h5") as other:
    print(int(one["x"][3] + other["x"][4]))
with h5py.File("a.h5", "a") as file:
    file["y"] = 1
"""
KERAS = """
import warnings
import absl.logging, keras, numpy as np
absl.logging.set_verbosity("error")
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
_ = model.train_on_batch(np.ones((8, 2)), np.ones(8))
model.save("a.keras")
with warnings.catch_warnings(action="ignore"):
    model.save("a.h5")
model.save_weights("a.weights.h5")
for name in ("a.keras", "a.h5"):
    print(keras.models.load_model(name, compile=False).predict(np.ones((1, 2)), verbose=0).shape)
"""
TENSORFLOW = """
import os, tensorflow as tf
variable = tf.Variable([1.0])
checkpoint = tf.train.Checkpoint(v=variable)
path = checkpoint.save("kept/a")
variable.assign([2.0])
checkpoint.restore(path)
print(variable.numpy())
with tf.Graph().as_default():
    writer = tf.compat.v1.summary.FileWriter("events")
    writer.add_summary(tf.compat.v1.Summary(value=[tf.compat.v1.Summary.Value(tag="loss", simple_value=1.0)]), 1)
    writer.close()
print(len(os.listdir("events")))
print(sum(1 for _ in tf.data.Dataset.range(90).map(lambda x: x, num_parallel_calls=4).batch(9).prefetch(2)))
"""
THREADS = """
import threading
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(int, range(100))))
done = threading.Event()
waiting = threading.Thread(target=done.wait)
waiting.start()
done.set()
waiting.join()
print(done.is_set())
"""
# libstdc++ wakes those who wait for a static object with a futex that processes share, and so it does with std::future.
STATIC_OBJECTS = """
import ctypes, threading, time
cpp, guard, began = ctypes.CDLL("libstdc++.so.6"), ctypes.c_uint64(0), []
def begin():
    began.append(cpp.__cxa_guard_acquire(ctypes.byref(guard)))
begin()
others = [threading.Thread(target=begin) for _ in range(3)]
for other in others:
    other.start()
time.sleep(0.1)
print(began)
cpp.__cxa_guard_release(ctypes.byref(guard))
for other in others:
    other.join()
print(began)
"""
ENDS_OF_THREADS = """
import ctypes
libc, thread = ctypes.CDLL(None), ctypes.c_ulong()
print(libc.pthread_create(ctypes.byref(thread), None, libc.usleep, ctypes.c_void_p(100_000)))
print(libc.pthread_join(thread, None))
"""


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        pytest.param(SQLITE, "delete\n(3,)\nwal\n(3,)\n", id="SQLite"),
        pytest.param(SHELVES, "1\n", id="shelves"),
        pytest.param(HDF5, "7\n", id="HDF5"),
        pytest.param(KERAS, "(1, 1)\n" * 2, id="Keras"),
        pytest.param(TENSORFLOW, "[1.]\n1\n10\n", id="TensorFlow"),
        pytest.param(THREADS, "4950\nTrue\n", id="threads"),
        pytest.param(STATIC_OBJECTS, "[1]\n[1, 0, 0, 0]\n", id="static objects"),
        pytest.param(ENDS_OF_THREADS, "0\n0\n", id="ends of threads"),
    ],
)
def test_a_library_that_locks_or_waits_works(client, code, printed):
    told = run_code(client, code)
    assert (told.verdict, told.text) == ("succeeded", printed)
