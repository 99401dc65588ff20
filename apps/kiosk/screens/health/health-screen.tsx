/** How this device is: the way to the hub, every feed, the ledger, and the self-check, in words before codes. */
import { useQuery } from '@tanstack/react-query';
import type { HealthView } from '@truecount/protocol';
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { healthQuery } from '../api/queries.ts';
import { Screen } from '../shell/frame.tsx';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';

export function HealthScreen() {
  const { t } = useWords();
  const { data } = useQuery(healthQuery);
  if (!data) return <Waiting title={t('health.title')} testId="health-screen" />;
  return (
    <Screen
      title={t('health.title')}
      testId="health-screen"
      aside={
        <p className="screen-aside health-status" data-status={data.status} data-testid="health-status">
          {data.status === 'ok' ? (
            <CircleCheck aria-hidden size={26} strokeWidth={1.75} />
          ) : (
            <CircleAlert aria-hidden size={26} strokeWidth={1.75} />
          )}
          {t(`health.${data.status}`)}
        </p>
      }
    >
      <div className="health">
        <Feeds health={data} />
        <Checks health={data} />
        <Device health={data} />
      </div>
    </Screen>
  );
}

function Feeds({ health }: { readonly health: HealthView }) {
  const { t, number, relative, has } = useWords();
  return (
    <section className="panel health-feeds" aria-labelledby="feeds-title">
      <h2 className="panel-title" id="feeds-title">
        {t('health.feeds')}
      </h2>
      <ul className="feeds">
        {health.feeds.map((feed) => {
          const errors = Object.values(feed.errors).reduce((sum, count) => sum + count, 0);
          const kind = `feed.${feed.kind}`;
          return (
            <li key={feed.name} className="feed" data-state={feed.state} data-testid="feed">
              <span className="feed-dot" aria-hidden />
              <div className="feed-words">
                <p className="feed-name">
                  {has(kind) ? t(kind as 'feed.escpos') : feed.kind}
                  <span className="feed-id">{feed.name}</span>
                </p>
                <p className="feed-line">
                  {t(`feed-state.${feed.state}`, { when: relative(feed.since) })}
                  {feed.message ? ` · ${feed.message}` : ''}
                </p>
              </div>
              <dl className="feed-numbers">
                <div>
                  <dt>{t('health.observations')}</dt>
                  <dd>{number(feed.observations)}</dd>
                </div>
                <div data-warn={errors > 0 || undefined}>
                  <dt>{t('health.errors')}</dt>
                  <dd>{number(errors)}</dd>
                </div>
              </dl>
            </li>
          );
        })}
      </ul>
      {health.feeds.length === 0 && <p className="quiet-line">{t('health.no-feeds')}</p>}
    </section>
  );
}

function Checks({ health }: { readonly health: HealthView }) {
  const { t, has } = useWords();
  return (
    <section className="panel" aria-labelledby="checks-title">
      <h2 className="panel-title" id="checks-title">
        {t('health.checks')}
      </h2>
      <ul className="checks">
        {health.checks.map((check) => (
          <li key={check.name} data-ok={check.ok} data-testid="check">
            {check.ok ? (
              <CircleCheck aria-hidden size={26} strokeWidth={1.75} />
            ) : (
              <CircleHelp aria-hidden size={26} strokeWidth={1.75} />
            )}
            <span className="unseen">{check.ok ? t('health.check-ok') : t('health.check-not-ok')}: </span>
            <span>
              {has(`check.${check.name}`) && <strong>{t(`check.${check.name}` as 'check.hub')}: </strong>}
              {check.text}
            </span>
          </li>
        ))}
      </ul>
      {health.checks.length === 0 && <p className="quiet-line">{t('health.no-checks')}</p>}
    </section>
  );
}

function Device({ health }: { readonly health: HealthView }) {
  const { t, number, relative } = useWords();
  const { sync } = health;
  const rows: readonly (readonly [string, string])[] = [
    [
      t('health.hub'),
      sync.online ? t('health.hub-online') : t('sync.outage-since', { when: relative(sync.since) }),
    ],
    [t('health.waiting'), number(sync.waiting)],
    [t('health.quarantined'), number(sync.quarantined)],
    [t('health.entries'), number(health.ledger.entries)],
    [t('health.device'), health.device.slice(0, 18)],
    [t('health.epoch'), number(health.epoch)],
    [t('health.version'), health.version],
  ];
  return (
    <section className="panel" aria-labelledby="device-title">
      <h2 className="panel-title" id="device-title">
        {t('health.this-device')}
      </h2>
      <dl className="pairs wide">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
