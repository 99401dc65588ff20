/** The thread of `joint-bound.ts`: moves prices until it is told to stop or nothing more is to be gained. */
import { workerData } from 'node:worker_threads';
import { BoundBoard, type JointBoundData } from './joint-bound.ts';
import { searchPrices } from './price-search.ts';
import { receiverChoice } from './receiver-bound.ts';

/** Sets of lanes per store and evaluation. */
const MAX_SETS = 400;

// Only `startJointBound` starts this file, with exactly this.
const { network, prices, board: buffer } = workerData as JointBoundData;
const board = new BoundBoard(buffer);
const search = searchPrices(network, {
  prices,
  scale: 0.1,
  patience: 4,
  joint: receiverChoice(network, MAX_SETS),
});
const shouldStop = (): boolean => !board.mayRun;
while (!shouldStop()) {
  const { incumbent, goal } = board;
  const isOver = search.advance({ iterations: 1, incumbent, goal, shouldStop });
  board.bound = search.bound;
  if (isOver && search.bound > board.goal && board.incumbent === incumbent) break;
  if (search.bound <= goal && board.goal === goal) break;
}
board.finish();
