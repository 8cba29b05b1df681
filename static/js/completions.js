// Names that learners of this course often write; the editor suggests them along with the names on the page.
const MEMBERS = {
  tf: "constant Variable cast reshape shape zeros ones matmul transpose concat stack squeeze expand_dims one_hot argmax equal " +
    "reduce_mean reduce_sum reduce_max square sqrt exp math.log abs sigmoid tanh nn.relu nn.softmax nn.sigmoid nn.conv2d " +
    "nn.max_pool2d nn.softmax_cross_entropy_with_logits nn.sparse_softmax_cross_entropy_with_logits GradientTape function " +
    "random.normal random.uniform random.set_seed random.truncated_normal data.Dataset.from_tensor_slices float32 int32 " +
    "keras.Sequential keras.Model keras.Input keras.layers.Dense keras.layers.Conv2D keras.layers.MaxPooling2D " +
    "keras.layers.Flatten keras.layers.Dropout keras.layers.LSTM keras.layers.Embedding keras.layers.BatchNormalization " +
    "keras.optimizers.Adam keras.optimizers.SGD keras.losses.SparseCategoricalCrossentropy keras.datasets.mnist.load_data " +
    "keras.callbacks.EarlyStopping keras.callbacks.TensorBoard summary.scalar summary.create_file_writer",
  np: "array asarray zeros ones arange linspace eye reshape concatenate stack mean std sum max min argmax argmin sort where " +
    "dot exp log sqrt abs clip round allclose random.default_rng random.normal random.permutation newaxis float32 int32",
  plt: "plot scatter hist imshow bar show figure subplots xlabel ylabel title legend axis grid colorbar tight_layout",
};

export const NAMES = Object.entries(MEMBERS).flatMap(([module, names]) => names.split(" ").map((name) => `${module}.${name}`));
