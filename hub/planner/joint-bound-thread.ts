/** The thread of `joint-bound.ts`: moves prices until it is told to stop or nothing more is to be gained. */
import { workerData } from 'node:worker_threads';
import { BoundBoard, type JointBoundData } from './joint-bound.ts';
import { searchPrices } from './price-search.ts';
import { receiverChoice } from './receiver-bound.ts';

/** Lanes into a store that are chosen together: all sets of them are looked at. */
const MAX_LANES = 16;
/** Prices are good already, and small gains add up: nothing else needs this thread. */
const SEARCH = { scale: 0.1, patience: 10, leastProgress: 1e-6 } as const;

// Only `startJointBound` starts this file, with exactly this.
const { network, found, board: buffer } = workerData as JointBoundData;
const board = new BoundBoard(buffer);
const shouldStop = (): boolean => !board.mayRun;
/** The plan may still become better, or be told to be good enough. */
const isReached = (): boolean => board.goal > 0 && board.bound <= board.goal;

const joint = receiverChoice(network, found, MAX_LANES);
const search = searchPrices(network, { ...SEARCH, prices: found.prices, joint });
for (let isOver = false; !isOver && !isReached() && !shouldStop(); ) {
  const { incumbent, goal } = board;
  isOver = search.advance({ iterations: 1, incumbent, goal, shouldStop });
  board.note(search);
}
board.finish();
