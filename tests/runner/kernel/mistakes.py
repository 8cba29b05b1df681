"""For every hint of hints.toml, a program that makes exactly that mistake."""

TF2 = {
    "matmul-shapes": "import tensorflow as tf\ntf.ones((2, 3)) @ tf.ones((2, 3))",
    "matmul-rank": "import tensorflow as tf\ntf.matmul(tf.ones(2), tf.ones((2, 3)))",
    "broadcast": "import tensorflow as tf\ntf.ones((2, 3)) + tf.ones((4, 3))",
    "mixed-dtypes": "import tensorflow as tf\ntf.constant(1) + tf.constant(1.0)",
    "convert-ragged": "import tensorflow as tf\ntf.constant([[1, 2], [3]])",
    "convert-none": "import tensorflow as tf\ntf.constant(None)",
    "tensor-assignment": "import tensorflow as tf\nx = tf.zeros(3)\nx[0] = 1",
    "no-gradients": (
        "import keras, tensorflow as tf\nw = keras.Variable(1.0)\nkeras.optimizers.SGD().apply_gradients([(None, w)])"
    ),
    "tape-twice": (
        "import tensorflow as tf\nw = tf.Variable(1.0)\n"
        "with tf.GradientTape() as tape:\n    loss = w * w\ntape.gradient(loss, w)\ntape.gradient(loss, w)"
    ),
    "symbolic-numpy": "import tensorflow as tf\n@tf.function\ndef f(x):\n    return x.numpy()\nf(tf.ones(2))",
    "symbolic-bool": (
        "import tensorflow as tf\n@tf.function(autograph=False)\ndef f(x):\n"
        "    if x > 0:\n        return x\n    return -x\nf(tf.constant(1.0))"
    ),
    "variable-in-function": (
        "import tensorflow as tf\n@tf.function\ndef f(x):\n    return tf.Variable(1.0) * x\nf(tf.constant(1.0))"
    ),
    "keras-input-shape": (
        "import keras, numpy as np\nm = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\nm(np.ones((2, 4)))"
    ),
    "keras-loss-shape": (
        "import keras, numpy as np\n"
        "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation='softmax')])\n"
        "m.compile('sgd', 'categorical_crossentropy')\nm.fit(np.ones((8, 3)), np.ones((8, 2)), verbose=0)"
    ),
    "label-range": (
        "import keras, numpy as np\n"
        "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation='softmax')])\n"
        "m.compile('sgd', 'sparse_categorical_crossentropy')\nm.fit(np.ones((8, 3)), np.full(8, 5), verbose=0)"
    ),
    "data-cardinality": (
        "import keras, numpy as np\nm = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "m.compile('sgd', 'mse')\nm.fit(np.ones((8, 3)), np.ones((7, 1)), verbose=0)"
    ),
    "not-compiled": (
        "import keras, numpy as np\nm = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "m.fit(np.ones((8, 3)), np.ones((8, 1)))"
    ),
    "not-built": "import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.save('a.keras')\nm.count_params()",
    "save-suffix": "import keras\nm = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\nm.save('model')",
    "version-1-name": "import tensorflow as tf\ntf.Session()",
    "version-1-module": "from tensorflow.examples.tutorials.mnist import input_data",
    "numpy-broadcast": "import numpy as np\nnp.ones((2, 3)) + np.ones((4, 3))",
    "numpy-matmul": "import numpy as np\nnp.ones((2, 3)) @ np.ones((2, 3))",
    "numpy-reshape": "import numpy as np\nnp.ones(6).reshape(4, 2)",
    "array-truth": "import numpy as np\nif np.ones(2) > 0:\n    pass",
    "numpy-alias": "import numpy as np\nnp.float(1)",
    "index-range": "[1, 2][2]",
    "numpy-axis": "import numpy as np\nnp.ones((2, 3)).sum(axis=2)",
    "sklearn-moved": "from sklearn.cross_validation import train_test_split",
    "scipy-images": "from scipy.misc import imread",
    "not-installed": "import torch",
    "no-network": "import keras\nkeras.utils.get_file('a', 'http://localhost:9/a')",
    "name-missing": "print(los)",
    "print-statement": "print 'hello'",
    "indentation": "if True:\nprint(1)",
    "assign-or-compare": "x = 1\nif x = 1:\n    pass",
    "missing-colon": "for i in range(3)\n    print(i)",
    "bracket-not-closed": "print((1, 2)",
    "quote-not-closed": "name = 'Ada",
    "none-attribute": "def f():\n    pass\nf().shape",
    "not-callable": "x = [1, 2]\nx(0)",
    "missing-argument": "def f(x, y):\n    pass\nf(1)",
    "text-and-number": "print('loss ' + 0.5)",
    "file-missing": "open('digits.csv')",
    "read-only": "raise PermissionError(13, 'Permission denied', '/etc/passwd')",
    "memory": "import numpy as np\nnp.ones((10**6, 10**7))",
    "recursion": "def f(x):\n    return f(x)\nf(1)",
}
TF1 = {
    "placeholder-not-fed": "import tensorflow as tf\nx = tf.placeholder(tf.float32)\ntf.Session().run(x + 1)",
    "feed-shape": (
        "import numpy as np, tensorflow as tf\nx = tf.placeholder(tf.float32, [2, 3])\n"
        "tf.Session().run(x, feed_dict={x: np.ones((3, 2))})"
    ),
    "not-initialized": "import tensorflow as tf\nw = tf.Variable(1.0)\ntf.Session().run(w)",
    "closed-session": "import tensorflow as tf\nwith tf.Session() as sess:\n    pass\nsess.run(tf.constant(1))",
    "no-default-session": "import tensorflow as tf\ntf.constant(1).eval()",
    "other-graph": (
        "import tensorflow as tf\na = tf.constant(1)\nwith tf.Graph().as_default():\n    tf.add(a, tf.constant(2))"
    ),
    "variable-exists": "import tensorflow as tf\ntf.get_variable('w', [1])\ntf.get_variable('w', [1])",
    "fetch-type": "import tensorflow as tf\nx = tf.constant(1.0)\ntf.Session().run(3.0)",
}
