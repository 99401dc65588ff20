/** Why the hub does not take this device, what goes on meanwhile, and what to do, down to the new code. */
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, ShieldAlert } from 'lucide-react';
import { useNavigate } from 'react-router';
import { nowQuery, setUpQuery } from '../api/queries.ts';
import { Screen } from '../shell/frame.tsx';
import { notify } from '../shell/notices.tsx';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { CodeForm } from './code-form.tsx';

/** What a new code settles; the others need something else. */
const settledByCode = new Set<string>(['revoked', 'credentials']);

export function DeviceScreen() {
  const { t, relative } = useWords();
  const navigate = useNavigate();
  const { data } = useQuery(nowQuery);
  const { data: setUp } = useQuery(setUpQuery);
  if (!data) return <Waiting title={t('device.title')} testId="device-screen" />;
  const { sync } = data;
  const because = sync.refusedBecause;
  if (because === undefined)
    return (
      <Screen title={t('device.title')} testId="device-screen">
        <div className="empty">
          <CircleCheck aria-hidden size={64} strokeWidth={1.25} />
          <p className="empty-line">{t('device.fine')}</p>
        </div>
      </Screen>
    );
  const mayEnrol = settledByCode.has(because) && setUp?.hub !== undefined;
  return (
    <Screen title={t('device.title')} testId="device-screen">
      <div className="device" data-because={because}>
        <section className="panel device-why" aria-labelledby="device-why">
          <ShieldAlert aria-hidden size={44} strokeWidth={1.5} />
          <h2 id="device-why">{t(`refused.${because}`)}</h2>
          <p className="device-text">{sync.fenced}</p>
          <dl className="pairs wide">
            <div>
              <dt>{t('device.since')}</dt>
              <dd>{relative(sync.since)}</dd>
            </div>
            <div>
              <dt>{t('device.waiting')}</dt>
              <dd>{sync.waiting}</dd>
            </div>
            <div>
              <dt>{t('device.name')}</dt>
              <dd>{setUp?.device ?? '–'}</dd>
            </div>
          </dl>
        </section>
        <section className="panel" aria-labelledby="device-do">
          <h2 className="panel-title" id="device-do">
            {t('refused.what-to-do')}
          </h2>
          <ol className="device-steps">
            {([1, 2, 3] as const).map((step) => (
              <li key={step}>
                <span className="set-up-number" aria-hidden>
                  {step}
                </span>
                {t(`device.${because}-${step}`)}
              </li>
            ))}
          </ol>
          {mayEnrol && (
            <CodeForm
              hub={setUp.hub}
              onDone={() => {
                notify({ tone: 'done', text: t('device.enrolled') });
                void navigate('/now');
              }}
            />
          )}
        </section>
      </div>
    </Screen>
  );
}
