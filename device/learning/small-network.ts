/**
 * A network of one hidden layer, small enough to read: trained with TensorFlow.js, used without it. Weights
 * are plain JSON with a version, so a store can go back to an older one. Starting weights and the order of
 * rows are fixed: the backends agree within rounding.
 */
import { Type, type Static } from 'typebox';
import type { TensorBackend } from './tensor-backend.ts';

const numbers = Type.Array(Type.Number(), { maxItems: 100_000 });
export const NetworkWeights = Type.Object({
  version: Type.String({ maxLength: 80 }),
  inputs: Type.Integer({ minimum: 1, maximum: 512 }),
  hidden: Type.Integer({ minimum: 1, maximum: 512 }),
  outputs: Type.Integer({ minimum: 1, maximum: 64 }),
  first: numbers,
  firstBias: numbers,
  second: numbers,
  secondBias: numbers,
});
export type NetworkWeights = Static<typeof NetworkWeights>;

/** How outputs are read: shares of one whole, independent yes/no odds, or mean and log spread of a number. */
type Head = 'shares' | 'odds' | 'normal';

export interface TrainingRow {
  readonly inputs: readonly number[];
  /** Shares or 0/1 per output; for `normal` the one number. */
  readonly target: readonly number[];
  readonly weight?: number;
}

export interface TrainOptions {
  readonly head: Head;
  readonly steps?: number;
  readonly rate?: number;
  /** Pull towards the starting weights: a store with few examples stays near the chain's. */
  readonly pull?: number;
  readonly signal?: AbortSignal;
}

export function freshNetwork(shape: {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}): NetworkWeights {
  const { inputs, hidden, outputs } = shape;
  return {
    version: 'fresh',
    ...shape,
    first: spread(inputs * hidden, Math.sqrt(1 / inputs), 1),
    firstBias: Array.from({ length: hidden }, () => 0),
    second: spread(hidden * outputs, Math.sqrt(1 / hidden), 2),
    secondBias: Array.from({ length: outputs }, () => 0),
  };
}

/** Fixed pseudo-random weights (Weyl sequence), mean 0. */
const spread = (count: number, scale: number, seed: number): number[] =>
  Array.from(
    { length: count },
    (_, i) => (((i + 1) * 0.7548776662466927 + seed * 0.5698402909980532) % 1) * 2 * scale - scale,
  );

/** Raw outputs, without TensorFlow.js. */
export function evaluate(network: NetworkWeights, inputs: readonly number[]): number[] {
  const { hidden, outputs } = network;
  const layer = Array.from({ length: hidden }, (_, h) => {
    let sum = network.firstBias[h] as number;
    for (let i = 0; i < network.inputs; i++)
      sum += (inputs[i] ?? 0) * (network.first[i * hidden + h] as number);
    return Math.tanh(sum);
  });
  return Array.from({ length: outputs }, (_, o) => {
    let sum = network.secondBias[o] as number;
    for (let h = 0; h < hidden; h++)
      sum += (layer[h] as number) * (network.second[h * outputs + o] as number);
    return sum;
  });
}

export function shares(outputs: readonly number[]): number[] {
  const top = Math.max(...outputs);
  const parts = outputs.map((output) => Math.exp(output - top));
  const total = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / total);
}

export const odds = (output: number): number => 1 / (1 + Math.exp(-output));

/** Full-batch Adam from `start`; returns new weights and the loss before and after. */
export async function train(
  { tf }: TensorBackend,
  start: NetworkWeights,
  rows: readonly TrainingRow[],
  options: TrainOptions,
): Promise<{ readonly network: NetworkWeights; readonly lossBefore: number; readonly lossAfter: number }> {
  const { inputs, hidden, outputs } = start;
  const x = tf.tensor2d(
    rows.map((row) => [...row.inputs]),
    [rows.length, inputs],
  );
  const y = tf.tensor2d(rows.map((row) => [...row.target]));
  const weights = tf.tensor1d(rows.map((row) => row.weight ?? 1));
  const initial = [
    tf.tensor2d(start.first, [inputs, hidden]),
    tf.tensor1d(start.firstBias),
    tf.tensor2d(start.second, [hidden, outputs]),
    tf.tensor1d(start.secondBias),
  ];
  const variables = initial.map((value) => tf.variable(value));
  const optimizer = tf.train.adam(options.rate ?? 0.02);
  const pull = options.pull ?? 1e-3;
  type Scalar = ReturnType<typeof tf.scalar>;
  const loss = (): Scalar =>
    tf.tidy(() => {
      const [w1, b1, w2, b2] = variables as unknown as [Matrix, Matrix, Matrix, Matrix];
      const out = tf.add(tf.matMul(tf.tanh(tf.add(tf.matMul(x, w1), b1)), w2), b2) as Matrix;
      const perRow = tf.mul(rowLoss(tf, options.head, out, y), weights);
      let total = tf.div(tf.sum(perRow), tf.sum(weights));
      variables.forEach((variable, i) => {
        total = tf.add(total, tf.mul(pull, tf.sum(tf.square(tf.sub(variable, initial[i] as Matrix)))));
      });
      return total as Scalar;
    });
  const lossOf = async (): Promise<number> => {
    const value = loss();
    const [number] = await value.data();
    value.dispose();
    return number as number;
  };
  const lossBefore = await lossOf();
  for (let step = 0; step < (options.steps ?? 200); step++) {
    options.signal?.throwIfAborted();
    optimizer.minimize(loss, false, variables);
    if (step % 20 === 19) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const lossAfter = await lossOf();
  const [first, firstBias, second, secondBias] = await Promise.all(
    variables.map(async (v) => [...(await v.data())]),
  );
  tf.dispose([x, y, weights, ...initial, ...variables]);
  optimizer.dispose();
  const network = { ...start, first, firstBias, second, secondBias } as NetworkWeights;
  return { network, lossBefore, lossAfter };
}

type Tf = TensorBackend['tf'];
type Matrix = ReturnType<Tf['tensor2d']>;

function rowLoss(tf: Tf, head: Head, out: Matrix, y: Matrix): Matrix {
  switch (head) {
    case 'shares':
      return tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(out)), 1));
    case 'odds':
      // log(1 + exp(-|z|)) + max(z, 0) - z y, stable on both sides
      return tf.sum(tf.sub(tf.add(tf.log1p(tf.exp(tf.neg(tf.abs(out)))), tf.relu(out)), tf.mul(out, y)), 1);
    case 'normal': {
      const [mean, logSpread] = tf.split(out, 2, 1) as [Matrix, Matrix];
      const error = tf.div(tf.sub(y, mean), tf.exp(logSpread));
      return tf.sum(tf.add(tf.mul(0.5, tf.square(error)), logSpread), 1);
    }
    default:
      return head satisfies never;
  }
}
