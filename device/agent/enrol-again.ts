/**
 * Enrolment from the screens of a running agent: with a new code at the hub that this device knows already, for example
 * after its access was withdrawn. Another hub is a matter for whoever installs: `truecount enrol`.
 */
import { readFileSync } from 'node:fs';
import type { SetUpView } from '@truecount/protocol';
import type { SetUpPort } from '../api/index.ts';
import type { AgentConfig } from '../config.ts';
import { enrol, EnrolmentError, type EnrolmentRecord, readEnrolment } from '../enrolment/index.ts';

export function enrolAgain(
  config: AgentConfig,
  /** Connects with what was given. */
  relink: (record: EnrolmentRecord) => Promise<void>,
): SetUpPort {
  const { store, dataFolder, enrolAt } = config;
  const known = (): { readonly url: string; readonly caPem?: string } | undefined => {
    const enrolled = readEnrolment(dataFolder)?.hub;
    if (enrolled) return enrolled;
    return enrolAt && { url: enrolAt.hub, ...pinned(enrolAt.caFile) };
  };
  const view = (): SetUpView => {
    const hub = known()?.url;
    return {
      state: 'done',
      store: { id: store.id, name: store.name },
      ...(hub === undefined ? {} : { hub }),
      ...(config.hub === undefined ? {} : { device: config.hub.device }),
    };
  };
  return {
    view,
    enrol: async ({ code }) => {
      const hub = known();
      if (!hub)
        throw new EnrolmentError(
          'E_NO_HUB',
          'This device has not enrolled with a code before; whoever installs it runs "truecount enrol" here.',
        );
      const { url, ...pin } = hub;
      await relink(await enrol({ dataFolder, hub: url, code, store: store.id, ...pin }));
      return view();
    },
  };
}

export const pinned = (caFile: string | undefined): { readonly caPem?: string } =>
  caFile === undefined ? {} : { caPem: readFileSync(caFile, 'utf8') };
