/**
 * Questions that come at the same time are answered together: while one query runs, whoever asks meanwhile waits for the
 * next one, which answers all of them. A thousand devices that come back at once so cost some ten queries and not a
 * thousand; a single one is asked about at once. Nothing is remembered: every answer is read after its question came.
 */
import { sqlStateOf } from './errors.ts';

interface Waiting<Q, A> {
  readonly question: Q;
  readonly settle: { resolve(answer: A): void; reject(error: unknown): void };
}

const MAX_TOGETHER = 500;
/** Class of SQLSTATE for values that the database cannot take (PostgreSQL manual, appendix A). */
const DATA_EXCEPTION = '22';

/**
 * @param answerAll answers in the order of the questions. When the database cannot take a value of one of them, all are
 *   asked again one by one, so that nobody spoils another one's answer; when it fails otherwise, all of them fail
 */
export function gathered<Q, A>(
  answerAll: (questions: readonly Q[]) => Promise<readonly A[]>,
): (question: Q) => Promise<A> {
  let waiting: Waiting<Q, A>[] = [];
  let isRunning = false;
  const answer = async (together: readonly Waiting<Q, A>[]): Promise<void> => {
    try {
      const answers = await answerAll(together.map(({ question }) => question));
      if (answers.length !== together.length)
        throw new Error(`${together.length} questions got ${answers.length} answers`);
      together.forEach(({ settle }, at) => settle.resolve(answers[at] as A));
    } catch (error) {
      const isSpoilt = together.length > 1 && sqlStateOf(error)?.startsWith(DATA_EXCEPTION) === true;
      if (isSpoilt) for (const alone of together) await answer([alone]);
      else for (const { settle } of together) settle.reject(error);
    }
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const together = waiting.slice(0, MAX_TOGETHER);
      waiting = waiting.slice(MAX_TOGETHER);
      await answer(together);
    }
    isRunning = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, settle: { resolve, reject } });
      if (isRunning) return;
      isRunning = true;
      // After whatever else has arrived in this turn of the event loop.
      setImmediate(() => void run());
    });
}
