// Small networks whose weights come as characters: each is a number of steps from −32 to 31.
const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function numbersOf({ scale, weights }) {
  return [...weights].map((character) => (CHARACTERS.indexOf(character) - 32) * scale);
}

// Rows of weights and a last row of biases for each layer.
export function layersOf(layers) {
  return layers.map((layer) => {
    const { inputs, outputs } = layer;
    const values = numbersOf(layer);
    return Array.from({ length: inputs + 1 }, (_, row) => values.slice(row * outputs, (row + 1) * outputs));
  });
}

// ReLU between the layers, a sigmoid at the end.
export function decode(layers, code) {
  return layers.reduce((values, rows, depth) => {
    const sums = rows.at(-1).map((bias, output) => values.reduce((sum, value, input) => sum + value * rows[input][output], bias));
    return sums.map(depth < layers.length - 1 ? (sum) => Math.max(0, sum) : (sum) => 1 / (1 + Math.exp(-sum)));
  }, code);
}
