/** Look up: type or scan any product, then what we believe about it and why. */
import { useQuery } from '@tanstack/react-query';
import { ScanBarcode } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Input, Label, ListBox, ListBoxItem, SearchField, Text } from 'react-aria-components';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { capital } from '../now/card-words.ts';
import { productsQuery } from '../api/queries.ts';
import { useScanner } from '../scan/use-scanner.ts';
import { Screen } from '../shell/frame.tsx';
import { useWords } from '../words/use-words.ts';
import { toneOf } from '../words/certainty.ts';
import { scanPath } from './scan-path.ts';
import { ProductPanel } from './product-panel.tsx';
import { useLater } from './use-later.ts';

const LONGEST_QUERY = 200;

export function LookUpScreen() {
  const { t, percent, locale } = useWords();
  const { sku } = useParams();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const asked = search.get('q') ?? '';
  const isScan = search.get('scan') === '1';
  const [text, setText] = useState(asked);
  const query = useLater(text.trim());
  const { data: matches, isFetching } = useQuery(productsQuery(query));
  const go = (path: string, replace = false): void => void navigate(path, { replace });
  const show = (chosen: string): void =>
    go(`/products/${encodeURIComponent(chosen)}?q=${encodeURIComponent(text)}`);
  useScanner({
    onScan: (scan) => {
      setText(scan.text.slice(0, LONGEST_QUERY));
      go(scanPath(scan));
    },
  });
  // A scan names one product: show it without another tap.
  const [only] = matches ?? [];
  const isOnlyMatch = isScan && !isFetching && query === asked && matches?.length === 1;
  useEffect(() => {
    if (isOnlyMatch && only)
      void navigate(`/products/${encodeURIComponent(only.product.sku)}?q=${encodeURIComponent(asked)}`, {
        replace: true,
      });
  }, [isOnlyMatch, only, asked, navigate]);
  return (
    <Screen title={t('look-up.title')} testId="look-up-screen">
      <div className="look-up">
        <div className="look-up-search">
          <SearchField
            className="search"
            value={text}
            onChange={setText}
            maxLength={LONGEST_QUERY}
            // The only thing to do on this screen before anything is chosen.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={!sku}
          >
            <Label className="field-label">{t('look-up.label')}</Label>
            <div className="search-box">
              <ScanBarcode aria-hidden size={28} strokeWidth={1.5} />
              <Input className="search-input" data-testid="search" placeholder={t('look-up.placeholder')} />
              <Button className="search-clear" aria-label={t('look-up.clear')}>
                ×
              </Button>
            </div>
          </SearchField>
          <ListBox
            className="matches"
            aria-label={t('look-up.results')}
            items={query === '' ? [] : (matches ?? []).map((match) => ({ ...match, id: match.product.sku }))}
            selectionMode="single"
            selectionBehavior="replace"
            selectedKeys={sku ? [sku] : []}
            onAction={(key) => show(String(key))}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : keys;
              if (key !== undefined) show(String(key));
            }}
            renderEmptyState={() => (
              <p className="quiet-line">
                {query === '' || isFetching ? t('look-up.hint') : t('look-up.none', { text: query })}
              </p>
            )}
          >
            {({ product, confidence }) => (
              <ListBoxItem
                className="match"
                textValue={product.name}
                data-testid="match"
                data-sku={product.sku}
              >
                <span className="match-words">
                  <Text slot="label" className="match-name">
                    {product.name}
                  </Text>
                  <Text slot="description" className="match-place">
                    {product.place ? capital(product.place, locale) : t('card.no-place')}
                  </Text>
                </span>
                <span className="match-sure" data-tone={toneOf(confidence)}>
                  {percent(confidence)}
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </div>
        {sku ? <ProductPanel key={sku} sku={sku} /> : <Blank />}
      </div>
    </Screen>
  );
}

function Blank() {
  const { t } = useWords();
  return (
    <div className="empty">
      <ScanBarcode aria-hidden size={64} strokeWidth={1.25} />
      <p className="empty-line">{t('look-up.empty')}</p>
      <p className="empty-hint">{t('look-up.empty-hint')}</p>
    </div>
  );
}
