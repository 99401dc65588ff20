/** Identifiers are UUIDv7: made at the source, sortable by creation, never renamed later. */
import { v7 } from 'uuid';

/** @param atMs the caller's clock in milliseconds since 1970, so that a simulated clock gives matching ids */
export const newId = (atMs: number): string => v7({ msecs: atMs });
