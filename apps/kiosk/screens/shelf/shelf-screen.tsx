/** A shelf as its camera sees it, against the planogram; accepted or corrected by touch. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ShelfProduct, ShelfVerdict, ShelfView } from '@truecount/protocol';
import { Camera, Check, CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useNavigate, useParams } from 'react-router';
import { agent, requestId } from '../api/client.ts';
import { shelfQuery } from '../api/queries.ts';
import { Screen } from '../shell/frame.tsx';
import { useReport } from '../shell/use-report.ts';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { ShelfPicture } from './shelf-picture.tsx';
import { ShelfPlan } from './shelf-plan.tsx';
import { type Corrections, corrected, verdictOf } from './verdict.ts';

export function ShelfScreen() {
  const { t, relative } = useWords();
  const { camera } = useParams();
  const { data } = useQuery(shelfQuery);
  if (!data) return <Waiting title={t('shelf.title')} testId="shelf-screen" />;
  const view = data.find((one) => one.camera === camera) ?? data[0];
  if (view === undefined)
    return (
      <Screen title={t('shelf.title')} testId="shelf-screen">
        <div className="empty">
          <Camera aria-hidden size={64} strokeWidth={1.25} />
          <p className="empty-line">{t('shelf.none')}</p>
          <p className="empty-hint">{t('shelf.none-hint')}</p>
        </div>
      </Screen>
    );
  return (
    <Screen
      title={t('shelf.title')}
      testId="shelf-screen"
      aside={
        <p className="screen-aside">
          {view.seenAt === undefined
            ? t('shelf.no-picture')
            : t('shelf.seen', { when: relative(view.seenAt) })}
        </p>
      }
    >
      {data.length > 1 && <Cameras views={data} chosen={view.camera} />}
      {view.state === 'down' && (
        <output className="shelf-down">
          <CircleAlert aria-hidden size={26} strokeWidth={1.75} />
          {view.message ?? t('shelf.down')}
        </output>
      )}
      {view.frame !== undefined && <Shelf key={view.frame.id} view={view} />}
    </Screen>
  );
}

function Cameras({ views, chosen }: { readonly views: readonly ShelfView[]; readonly chosen: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  return (
    <nav className="shelf-cameras" aria-label={t('shelf.cameras')}>
      {views.map(({ camera, state }) => (
        <Button
          key={camera}
          className="button quiet"
          data-current={camera === chosen || undefined}
          {...(camera === chosen ? { 'aria-current': 'page' as const } : {})}
          onPress={() => void navigate(`/shelf/${encodeURIComponent(camera)}`)}
        >
          <Camera aria-hidden size={22} strokeWidth={1.75} />
          {camera}
          {state === 'down' && <CircleAlert aria-label={t('shelf.down')} size={20} strokeWidth={2} />}
        </Button>
      ))}
    </nav>
  );
}

/** One picture; a new one starts without corrections. */
function Shelf({ view }: { readonly view: ShelfView }) {
  const { t } = useWords();
  const report = useReport();
  const [corrections, setCorrections] = useState<Corrections>(new Map());
  const [open, setOpen] = useState<string>();
  const say = useMutation({
    mutationFn: (verdict: ShelfVerdict) => agent.judgeShelf(view.camera, verdict),
    onSuccess: () => {
      report.done(t(corrections.size === 0 ? 'shelf.was-accepted' : 'shelf.was-corrected'));
      setCorrections(new Map());
      setOpen(undefined);
    },
    onError: report.problem,
  });
  const send = (): void => {
    const verdict = verdictOf(requestId(), view, corrections);
    if (verdict !== undefined) say.mutate(verdict);
  };
  const correct = (product: ShelfProduct, filled: number): void =>
    setCorrections(corrected(corrections, product, filled));
  const gaps = view.boxes.filter((box) => box.kind === 'gap').length;
  return (
    <div className="shelf">
      <div className="shelf-seen">
        <ShelfPicture view={view} chosen={open?.slice(open.indexOf(' ') + 1)} />
        <p className="shelf-legend">
          <span data-kind="facing">{t('shelf.facings', { count: view.boxes.length - gaps })}</span>
          <span data-kind="gap">{t('shelf.gaps', { count: gaps })}</span>
          <span className="shelf-blurred">{t('shelf.blurred')}</span>
        </p>
      </div>
      <div className="shelf-side">
        {view.products.length === 0 ? (
          <p className="quiet-line">{t('shelf.no-plan')}</p>
        ) : (
          <ShelfPlan
            products={view.products}
            corrections={corrections}
            open={open}
            onOpen={setOpen}
            onCorrect={correct}
          />
        )}
        {view.products.length > 0 && (
          <div className="shelf-foot">
            {view.judged === true && corrections.size === 0 ? (
              <p className="shelf-thanks" data-testid="shelf-judged">
                <Check aria-hidden size={24} strokeWidth={2} />
                {t('shelf.judged')}
              </p>
            ) : (
              <Button
                className="button primary big"
                data-testid="shelf-say"
                isDisabled={say.isPending}
                onPress={send}
              >
                <Check aria-hidden size={26} strokeWidth={2} />
                {corrections.size === 0 ? t('shelf.accept') : t('shelf.correct', { count: corrections.size })}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
