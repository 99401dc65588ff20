/** The planogram beside the picture: row by row, one mark per place; a touch on a product opens its correction. */
import type { ShelfProduct } from '@truecount/protocol';
import { Button } from 'react-aria-components';
import { QuantityField } from '../shell/quantity-field.tsx';
import { useWords } from '../words/use-words.ts';
import { type Corrections, filledOf, marksOf, placeOf, rowsOf } from './verdict.ts';

interface PlanProps {
  readonly products: readonly ShelfProduct[];
  readonly corrections: Corrections;
  /** Place of the product that is being corrected. */
  readonly open: string | undefined;
  readonly onOpen: (place: string | undefined) => void;
  readonly onCorrect: (product: ShelfProduct, filled: number) => void;
}

export function ShelfPlan({ products, corrections, open, onOpen, onCorrect }: PlanProps) {
  const { t } = useWords();
  return (
    <ol className="shelf-plan" aria-label={t('shelf.plan')}>
      {rowsOf(products).map((row, i) => (
        <li key={row[0]?.row ?? i} className="shelf-plan-row">
          <h2 className="shelf-plan-title">{t('shelf.row', { number: (row[0]?.row ?? i) + 1 })}</h2>
          <ul>
            {row.map((product) => {
              const place = placeOf(product);
              return (
                <Product
                  key={place}
                  product={product}
                  corrections={corrections}
                  isOpen={place === open}
                  onPress={() => onOpen(place === open ? undefined : place)}
                  onCorrect={(filled) => onCorrect(product, filled)}
                />
              );
            })}
          </ul>
        </li>
      ))}
    </ol>
  );
}

interface ProductProps {
  readonly product: ShelfProduct;
  readonly corrections: Corrections;
  readonly isOpen: boolean;
  readonly onPress: () => void;
  readonly onCorrect: (filled: number) => void;
}

function Product({ product, corrections, isOpen, onPress, onCorrect }: ProductProps) {
  const { t } = useWords();
  const filled = filledOf(product, corrections);
  const marks = marksOf(product, corrections);
  const isUnknown = marks.includes('unknown');
  return (
    <li className="shelf-product" data-corrected={corrections.has(placeOf(product)) || undefined}>
      <Button
        className="shelf-product-line"
        aria-expanded={isOpen}
        onPress={onPress}
        data-testid={`shelf-product-${product.sku}`}
      >
        <span className="shelf-product-name">{product.name}</span>
        <span className="shelf-marks" aria-hidden>
          {marks.map((mark, i) => (
            // Places of one product are alike and never change their order.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={i} data-mark={mark} />
          ))}
        </span>
        <span className="shelf-count">
          {t(isUnknown ? 'shelf.filled-unsure' : 'shelf.filled', { filled, planned: product.planned })}
        </span>
      </Button>
      {isOpen && (
        <div className="shelf-correct">
          <QuantityField
            label={t('shelf.how-many', { name: product.name })}
            value={filled}
            max={Math.max(product.planned * 2, product.facings)}
            onChange={onCorrect}
          />
        </div>
      )}
    </li>
  );
}
