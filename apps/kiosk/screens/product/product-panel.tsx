/** One product: how sure we are that it is here, in words first; then the belief, the record and the facts. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ProductView } from '@truecount/protocol';
import { ClipboardList, Eye, Handshake, MapPin, ThumbsDown, ThumbsUp } from 'lucide-react';
import { Button, Meter } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { capital } from '../now/card-words.ts';
import { agent, requestId } from '../api/client.ts';
import { productQuery } from '../api/queries.ts';
import { Refused } from '@truecount/screens/request';
import { useReport } from '../shell/use-report.ts';
import { certaintyOf, toneOf } from '../words/certainty.ts';
import { useWords } from '../words/use-words.ts';
import { BeliefChart } from './belief-chart.tsx';
import { EvidenceList } from './evidence-list.tsx';

/** The last letters of the request, as the agent makes the customer's token from it. */
const tokenOf = (id: string): string => id.replaceAll('-', '').slice(-6).toUpperCase();

export function ProductPanel({ sku }: { readonly sku: string }) {
  const { t } = useWords();
  const { data, error } = useQuery(productQuery(sku));
  if (data) return <Product view={data} />;
  const line = error instanceof Refused ? error.message : t('shell.waiting');
  return <output className="waiting">{line}</output>;
}

function Product({ view }: { readonly view: ProductView }) {
  const words = useWords();
  const { t, number, locale } = words;
  const navigate = useNavigate();
  const report = useReport();
  const { product, confidence, record, p05, p95 } = view;
  const seen = useMutation({
    mutationFn: (id: string) => agent.seen({ id, sku: product.sku }),
    onSuccess: (_, id) => report.done(t('count.seen-saved', { name: product.name }), id),
    onError: report.problem,
  });
  const promise = useMutation({
    mutationFn: (id: string) => agent.promise({ id, sku: product.sku }),
    onSuccess: (_, id) => report.done(t('product.promised', { token: tokenOf(id) })),
    onError: report.problem,
  });
  const tone = toneOf(confidence);
  const range =
    p05 === p95
      ? t('product.exactly', { number: number(p05) })
      : t('product.range', { low: number(p05), high: number(p95) });
  return (
    <article className="product" data-testid="product" data-sku={product.sku} aria-label={product.name}>
      <header className="product-head">
        <h2 className="product-name">{product.name}</h2>
        <p className="card-place">
          <MapPin aria-hidden size={20} strokeWidth={1.75} />
          {product.place ? capital(product.place, locale) : t('card.no-place')}
          <span className="product-code">
            {words.money(view.price)} · {product.sku}
          </span>
        </p>
      </header>
      <div className="product-grid">
        <section className="panel product-sure" data-tone={tone}>
          <h3 className="panel-title">{t('product.is-it-here')}</h3>
          <p className="product-certainty" data-testid="certainty">
            {t(`certainty.${certaintyOf(confidence)}`)}
          </p>
          <Meter
            className="meter"
            value={confidence * 100}
            aria-label={t('product.confidence')}
            valueLabel={words.percent(confidence)}
          >
            {({ percentage, valueText }) => (
              <>
                <div className="meter-track">
                  <div className="meter-fill" style={{ width: `${percentage}%` }} />
                </div>
                <span className="meter-value">{t('product.sure', { percent: valueText ?? '' })}</span>
              </>
            )}
          </Meter>
          <p className="promise" data-can={view.canPromise} data-testid="promise">
            {view.canPromise ? (
              <ThumbsUp aria-hidden size={24} strokeWidth={1.75} />
            ) : (
              <ThumbsDown aria-hidden size={24} strokeWidth={1.75} />
            )}
            {view.canPromise ? t('product.promise') : t('product.no-promise')}
          </p>
          <div className="product-acts">
            {(view.promisable ?? 0) > 0 && (
              <Button
                className="button primary"
                data-testid="product-promise"
                isDisabled={promise.isPending}
                onPress={() => promise.mutate(requestId())}
              >
                <Handshake aria-hidden size={24} strokeWidth={1.75} />
                {t('product.promise-one')}
              </Button>
            )}
            <Button
              className="button primary"
              data-testid="product-count"
              onPress={() => void navigate(`/count/${encodeURIComponent(product.sku)}`)}
            >
              <ClipboardList aria-hidden size={24} strokeWidth={1.75} />
              {t('task.count-go')}
            </Button>
            <Button
              className="button quiet"
              data-testid="product-seen"
              isDisabled={seen.isPending}
              onPress={() => seen.mutate(requestId())}
            >
              <Eye aria-hidden size={24} strokeWidth={1.75} />
              {t('count.seen')}
            </Button>
          </div>
        </section>
        <section className="panel">
          <h3 className="panel-title">{t('product.belief')}</h3>
          <dl className="pairs">
            <div>
              <dt>{t('product.record')}</dt>
              <dd data-testid="record">{number(record, 1)}</dd>
            </div>
            <div>
              <dt>{t('product.likely')}</dt>
              <dd data-testid="likely">{range}</dd>
            </div>
            <div>
              <dt>{t('product.rate')}</dt>
              <dd>{t('product.per-day', { number: number(view.rate, 1) })}</dd>
            </div>
          </dl>
          <BeliefChart pmf={view.pmf} record={record} />
        </section>
        <section className="panel product-facts">
          <h3 className="panel-title">{t('product.evidence')}</h3>
          {view.exceptions.length > 0 && (
            <p className="product-exceptions">
              {view.exceptions.map((exception) => (
                <span key={exception.id} className="tag" data-testid="open-exception">
                  {t(`exception.${exception.kind}`)}
                </span>
              ))}
            </p>
          )}
          <EvidenceList evidence={view.evidence} />
        </section>
      </div>
    </article>
  );
}
