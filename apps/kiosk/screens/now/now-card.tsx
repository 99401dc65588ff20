/** One thing to do. The whole card leads on; the button is the fastest way to be done. */
import type { NowCard } from '@truecount/protocol';
import { Clock3, MapPin } from 'lucide-react';
import { Button, Link } from 'react-aria-components';
import { useHref, useNavigate } from 'react-router';
import { useWords } from '../words/use-words.ts';
import { isOneTouch, pathOf } from './card-path.ts';
import { cardIcons, headingOf, placeOf, sureOf, whyOf } from './card-words.ts';

interface CardProps {
  readonly card: NowCard;
  readonly isGone: boolean;
  /** Finished on this screen a moment ago. */
  readonly isDone: boolean;
  readonly size: 'large' | 'small';
  readonly onDone: (card: NowCard) => void;
}

export function TaskCard({ card, isGone, isDone, size, onDone }: CardProps) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const path = pathOf(card);
  const href = useHref(path);
  const Icon = cardIcons[card.kind];
  const isLate = Date.parse(card.dueAt) < words.now;
  const sure = sureOf(card, words);
  const heading = headingOf(card, words);
  const titleId = `card-${card.id}`;
  return (
    <li
      className={`card ${size}`}
      data-gone={isGone || undefined}
      data-testid="now-card"
      data-kind={card.kind}
      data-sku={card.product?.sku}
      aria-labelledby={titleId}
    >
      <div className="card-top">
        <span className="card-verb">
          <Icon aria-hidden size={26} strokeWidth={1.75} />
          {t(`task.${card.kind}`)}
        </span>
        <span className="card-due" data-late={isLate || undefined}>
          <Clock3 aria-hidden size={18} strokeWidth={2} />
          {isGone
            ? t(isDone ? 'card.done' : 'card.gone')
            : isLate
              ? t('card.late')
              : words.relative(card.dueAt)}
        </span>
      </div>
      <h2 className="card-title" id={titleId}>
        <Link className="card-link" href={href} isDisabled={isGone}>
          <span className="unseen">{t(`task.${card.kind}`)} </span>
          {heading}
        </Link>
      </h2>
      <p className="card-place">
        <MapPin aria-hidden size={20} strokeWidth={1.75} />
        {placeOf(card, words)}
      </p>
      <p className="card-why">
        {whyOf(card, words)}
        {sure && <strong className="card-sure"> {sure}</strong>}
      </p>
      <div className="card-facts">
        <span className="card-value">{words.money(card.value)}</span>
        <span className="card-stake">{t('card.at-stake')}</span>
        <span className="card-minutes">{words.minutes(card.minutes)}</span>
      </div>
      <Button
        className="button primary card-act"
        data-testid="card-act"
        isDisabled={isGone}
        aria-label={`${isOneTouch(card) ? t('card.done') : t(`task.${card.kind}-go`)}: ${heading}`}
        onPress={() => (isOneTouch(card) ? onDone(card) : void navigate(path))}
      >
        {isOneTouch(card) ? t('card.done') : t(`task.${card.kind}-go`)}
      </Button>
    </li>
  );
}
