/** The thread of `joint-bound.ts`: moves prices until it is told to stop or nothing more is to be gained. */
import { workerData } from 'node:worker_threads';
import { BoundBoard, type JointBoundData } from './joint-bound.ts';
import { searchPrices } from './price-search.ts';
import { receiverChoice } from './receiver-bound.ts';

/** Lanes into a store that are chosen together: all sets of them are looked at. */
const MAX_LANES = 14;
/** Each turn starts from the best prices of the one before and gives up later. */
const TURNS = [
  { scale: 0.1, patience: 12 },
  { scale: 0.05, patience: 25 },
] as const;

// Only `startJointBound` starts this file, with exactly this.
const { network, prices, board: buffer } = workerData as JointBoundData;
const board = new BoundBoard(buffer);
const shouldStop = (): boolean => !board.mayRun;
/** The plan may still become better, or be told to be good enough. */
const isReached = (): boolean => board.goal > 0 && board.bound <= board.goal;

let best = prices;
let iterations = 0;
for (const turn of TURNS) {
  const joint = receiverChoice(network, best, MAX_LANES);
  const search = searchPrices(network, { ...turn, prices: best, joint });
  for (let isOver = false; !isOver && !isReached() && !shouldStop(); ) {
    const { incumbent, goal } = board;
    isOver = search.advance({ iterations: 1, incumbent, goal, shouldStop });
    iterations += 1;
    board.note({ bound: Math.min(board.bound, search.bound), openShare: search.openShare, iterations });
  }
  best = search.prices;
}
board.finish();
