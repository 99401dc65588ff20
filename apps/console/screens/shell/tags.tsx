/** Small labels that mean the same on every page; colour only supports the word. */
import type { CaseState, Money, Tier } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';

type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

export function Tag({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

const stateTones: Readonly<Record<CaseState, Tone>> = {
  open: 'warn',
  proposed: 'accent',
  'awaiting-approval': 'accent',
  approved: 'accent',
  acting: 'accent',
  resolved: 'good',
  observing: 'plain',
  declined: 'plain',
  expired: 'plain',
  failed: 'bad',
  undoing: 'warn',
  undone: 'plain',
  escalated: 'bad',
};

export function StateTag({ state }: { readonly state: CaseState }) {
  const { t } = useWords();
  return <Tag tone={stateTones[state]}>{t(`state.${state}`)}</Tag>;
}

export function TierTag({ tier }: { readonly tier: Tier }) {
  const { t } = useWords();
  return (
    <Tag tone={tier === 'escalate' ? 'bad' : tier === 'automate' ? 'accent' : 'plain'}>
      {t(`tier.${tier}`)}
    </Tag>
  );
}

/** An amount with a bar against the largest beside it. */
export function MoneyBar({ money, largest }: { readonly money: Money; readonly largest: number }) {
  const words = useWords();
  return (
    <span className="money-bar">
      <span>{words.money(money)}</span>
      <span aria-hidden className="bar-track">
        <span className="bar-fill" style={{ width: `${(money.minor / Math.max(1, largest)) * 100}%` }} />
      </span>
    </span>
  );
}
