/**
 * A blind count: the record is not shown, so nobody counts towards it. Type, tap or scan each unit; "none
 * there" is one tap, because that is what most doubts turn out to be. It is left only when the agent has
 * committed the count or the person goes back; what was entered is kept until then.
 */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, Eye, EyeOff, MapPin, PackageX } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { agent, requestId } from '../api/client.ts';
import { productQuery } from '../api/queries.ts';
import { capital } from '../now/card-words.ts';
import { BackButton } from '../now/task-screen.tsx';
import { isScanOf } from '../scan/scan-reader.ts';
import { useScanner } from '../scan/use-scanner.ts';
import { Screen } from '../shell/frame.tsx';
import { isForKeypad, Keypad } from '../shell/keypad.tsx';
import { notify } from '../shell/notices.tsx';
import { useReport } from '../shell/use-report.ts';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { keepDraft, keptDraft } from './count-draft.ts';
import { type CountKey, enter, enteredQty } from './count-entry.ts';

export function CountScreen() {
  const { sku = '' } = useParams();
  return <Count key={sku} sku={sku} />;
}

interface Saving {
  readonly id: string;
  readonly qty: number;
}

function Count({ sku }: { readonly sku: string }) {
  const { t, locale } = useWords();
  const navigate = useNavigate();
  const report = useReport();
  const [search] = useSearchParams();
  const taskId = search.get('task') ?? undefined;
  const { data: product } = useQuery(productQuery(sku));
  const [entry, setEntry] = useState(() => keptDraft(sku));
  const press = (key: CountKey): void =>
    setEntry((before) => {
      const after = enter(before, key);
      keepDraft(sku, after);
      return after;
    });
  const leave = (): void => void navigate(taskId ? '/now' : `/products/${encodeURIComponent(sku)}`);
  const name = product?.product.name ?? sku;
  const save = useMutation({
    mutationFn: ({ id, qty }: Saving) => agent.count({ id, sku, qty, ...(taskId ? { taskId } : {}) }),
    onSuccess: ({ ask }, { id, qty }) => {
      press({ kind: 'clear' });
      report.done(t('count.saved', { count: qty, name }), id);
      if (ask === undefined) leave();
      else void navigate(`/cause/${encodeURIComponent(ask)}`, { replace: true });
    },
    onError: report.problem,
  });
  const seen = useMutation({
    mutationFn: (id: string) => agent.seen({ id, sku }),
    onSuccess: (_, id) => {
      report.done(t('count.seen-saved', { name }), id);
      leave();
    },
    onError: report.problem,
  });
  const qty = enteredQty(entry);
  const submit = (): void => {
    if (qty !== undefined && !save.isPending) save.mutate({ id: requestId(), qty });
  };
  useScanner({
    onScan: (scan) => {
      if (isScanOf(scan, { sku, gtin: product?.product.gtin })) press({ kind: 'unit-scanned' });
      else notify({ tone: 'problem', text: t('count.other-product') });
    },
    onBurstBegins: () => press({ kind: 'burst-begins' }),
    onBurstWasScan: () => press({ kind: 'other-scanned' }),
    onKey: (key, target) => {
      if (/^\d$/.test(key)) press({ kind: 'digit', digit: key });
      else if (key === 'Backspace') press({ kind: 'erase' });
      else if (key === 'Escape') leave();
      else if (key === 'Enter' && isForKeypad(target)) submit();
      else return false;
      return true;
    },
  });
  if (!product) return <Waiting title={t('count.title')} testId="count-screen" />;
  return (
    <Screen title={t('count.title')} testId="count-screen" aside={<BackButton onPress={leave} />}>
      <div className="count">
        <div className="count-what">
          <h2 className="count-name" data-testid="count-name">
            {name}
          </h2>
          <p className="card-place">
            <MapPin aria-hidden size={22} strokeWidth={1.75} />
            {product.product.place ? capital(product.product.place, locale) : t('card.no-place')}
          </p>
          <ul className="count-hints">
            <li>{t('count.hint-all')}</li>
            <li>{t('count.hint-scan')}</li>
            <li className="count-blind">
              <EyeOff aria-hidden size={20} strokeWidth={1.75} />
              {t('count.hint-blind')}
            </li>
          </ul>
          <div className="count-quick">
            <Button
              className="button quiet big"
              data-testid="count-none"
              isDisabled={save.isPending}
              onPress={() => save.mutate({ id: requestId(), qty: 0 })}
            >
              <PackageX aria-hidden size={28} strokeWidth={1.75} />
              {t('count.none')}
            </Button>
            <Button
              className="button quiet big"
              data-testid="count-seen"
              isDisabled={seen.isPending}
              onPress={() => seen.mutate(requestId())}
            >
              <Eye aria-hidden size={28} strokeWidth={1.75} />
              {t('count.seen')}
            </Button>
          </div>
        </div>
        <div className="count-entry">
          <output className="count-display" data-testid="count-display" aria-label={t('count.entered')}>
            {entry.digits === '' ? <span className="count-blank">–</span> : entry.digits}
          </output>
          <Keypad
            label={t('keypad.label')}
            onDigit={(digit) => press({ kind: 'digit', digit })}
            onErase={() => press({ kind: 'erase' })}
            corner={
              <Button
                className="key primary"
                data-testid="count-save"
                aria-label={t('count.save')}
                isDisabled={qty === undefined || save.isPending}
                onPress={submit}
              >
                <Check aria-hidden size={36} strokeWidth={2.25} />
              </Button>
            }
          />
        </div>
      </div>
    </Screen>
  );
}
