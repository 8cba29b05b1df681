"""Names in code from 2016 and 2017, with their names of today."""

RENAMED = {
    "tensorflow": {
        "mul": "multiply",
        "sub": "subtract",
        "neg": "negative",
        "pack": "stack",
        "unpack": "unstack",
        "select": "where",
        "inv": "reciprocal",
        "batch_matmul": "matmul",
        "batch_matrix_transpose": "matrix_transpose",
        "complex_abs": "abs",
        "listdiff": "setdiff1d",
        "initialize_variables": "variables_initializer",
        "scalar_summary": "summary.scalar",
        "histogram_summary": "summary.histogram",
        "image_summary": "summary.image",
        "merge_summary": "summary.merge",
        "merge_all_summaries": "summary.merge_all",
    },
    "tensorflow.train": {"SummaryWriter": "summary.FileWriter"},
    "tensorflow.nn": {
        "rnn": "nn.static_rnn",
        "bidirectional_rnn": "nn.static_bidirectional_rnn",
        "state_saving_rnn": "nn.static_state_saving_rnn",
    },
}
MOVED = {  # modules of other packages, and where their contents are today
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.learning_curve": "sklearn.model_selection",
    "sklearn.externals.joblib": "joblib",
}
OLD_KERAS = {  # modules of Keras 1 and 2
    "keras.layers.core": "keras.layers",
    "keras.layers.convolutional": "keras.layers",
    "keras.layers.pooling": "keras.layers",
    "keras.layers.recurrent": "keras.layers",
    "keras.layers.normalization": "keras.layers",
    "keras.layers.embeddings": "keras.layers",
    "keras.layers.advanced_activations": "keras.layers",
    "keras.layers.merge": "keras.layers",
    "keras.utils.np_utils": "keras.utils",
    "keras.utils.vis_utils": "keras.utils",
}
NUMPY_TYPES = {
    "float": float,
    "int": int,
    "bool": bool,
    "object": object,
    "str": str,
    "complex": complex,
    "long": int,
    "unicode": str,
}
