/** The night's settings. */
import { type Static, Type } from 'typebox';

const time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'store time, HH:MM' });

export const LearningConfig = Type.Object({
  isOn: Type.Boolean(),
  /** Instead of the hours in which the store was found to sell hardly anything. */
  quietHours: Type.Optional(Type.Object({ from: time, to: time })),
  maxMinutes: Type.Number({ minimum: 0.1, maximum: 720 }),
  historyDays: Type.Integer({ minimum: 21, maximum: 730 }),
  heldOutDays: Type.Integer({ minimum: 3, maximum: 90 }),
  /** SKUs that teach, evenly drawn; all of them judge. */
  maxSkus: Type.Integer({ minimum: 1, maximum: 100_000 }),
});
export type LearningConfig = Static<typeof LearningConfig>;

export const defaultLearning: LearningConfig = {
  isOn: true,
  maxMinutes: 90,
  historyDays: 74,
  heldOutDays: 14,
  maxSkus: 1500,
};
