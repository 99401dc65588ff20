/** A model that is started after a while, once; until then there is none. */
import type { ModelPort } from './model-process.ts';

export function lateModel(afterMs: number, open: () => ModelPort): ModelPort {
  let model: ModelPort | undefined;
  const started = Promise.withResolvers<ModelPort | undefined>();
  const timer = setTimeout(() => {
    model = open();
    started.resolve(model);
  }, afterMs);
  timer.unref();
  return {
    ready: async () => (await started.promise)?.ready(),
    card: () => model?.card(),
    problem: () => (model === undefined ? 'it has not started yet' : model.problem()),
    generate: async (work) => model?.generate(work),
    close: async () => {
      clearTimeout(timer);
      started.resolve(undefined);
      await model?.close();
    },
  };
}
