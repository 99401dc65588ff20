/** The camera's last picture with what it takes for products and gaps. */
import type { ShelfView } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';

interface PictureProps {
  readonly view: ShelfView;
  /** Places of this product are shown stronger. */
  readonly chosen: string | undefined;
}

export function ShelfPicture({ view, chosen }: PictureProps) {
  const { t } = useWords();
  const { frame } = view;
  if (frame === undefined) return null;
  const gaps = view.boxes.filter((box) => box.kind === 'gap').length;
  const facings = view.boxes.length - gaps;
  return (
    <figure className="shelf-picture">
      {/* A drawing over a picture is one image to whoever hears it; an img element cannot hold it. */}
      <svg
        viewBox={`0 0 ${frame.width} ${frame.height}`}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="img"
        aria-label={t('shelf.picture', { facings, count: gaps })}
        data-testid="shelf-picture"
      >
        <image
          href={`/api/shelf/${encodeURIComponent(view.camera)}/frame?v=${frame.id}`}
          width={frame.width}
          height={frame.height}
        />
        {view.boxes.map(({ kind, xyxy: [x0, y0, x1, y1], sku }) => (
          <rect
            key={`${kind} ${x0} ${y0} ${x1} ${y1}`}
            x={x0}
            y={y0}
            width={Math.max(1, x1 - x0)}
            height={Math.max(1, y1 - y0)}
            rx={frame.width / 320}
            className="shelf-box"
            data-kind={kind}
            data-chosen={(sku !== undefined && sku === chosen) || undefined}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
    </figure>
  );
}
