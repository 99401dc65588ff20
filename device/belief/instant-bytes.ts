/** `YYYY-MM-DDTHH:MM:SS.mmmZ` as bytes to milliseconds since 1970; instants of the same day share the work. */
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const ZULU = 90;
const DAY = /^\d{4}-\d{2}-\d{2}T$/;
const DAY_LENGTH = 11;

export class InstantBytes {
  readonly #bytes = new Uint8Array(DAY_LENGTH);
  #ms = Number.NaN;

  /** NaN where the 24 bytes from `at` on name no instant. */
  msAt(bytes: Uint8Array, at: number): number {
    const day = this.#bytes;
    for (let i = DAY_LENGTH - 1; i >= 0; i--) if (bytes[at + i] !== day[i]) return this.#ofNewDay(bytes, at);
    return this.#ms + timeAt(bytes, at + DAY_LENGTH);
  }

  #ofNewDay(bytes: Uint8Array, at: number): number {
    const day = String.fromCharCode(...bytes.subarray(at, at + DAY_LENGTH));
    if (!DAY.test(day)) return Number.NaN;
    const ms = Date.parse(`${day}00:00:00.000Z`);
    if (Number.isNaN(ms)) return Number.NaN;
    this.#bytes.set(bytes.subarray(at, at + DAY_LENGTH));
    this.#ms = ms;
    return ms + timeAt(bytes, at + DAY_LENGTH);
  }
}

/** Two digits, or a number that fails every comparison below. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : 1000;
}

/** `HH:MM:SS.mmmZ` in milliseconds, or NaN. */
function timeAt(bytes: Uint8Array, at: number): number {
  const hours = two(bytes, at);
  const minutes = two(bytes, at + 3);
  const seconds = two(bytes, at + 6);
  const tens = two(bytes, at + 9);
  const millis = (bytes[at + 11] as number) - ZERO;
  const isTime =
    hours < 24 &&
    minutes < 60 &&
    seconds < 60 &&
    tens < 100 &&
    millis >= 0 &&
    millis < 10 &&
    bytes[at + 2] === COLON &&
    bytes[at + 5] === COLON &&
    bytes[at + 8] === POINT &&
    bytes[at + 12] === ZULU;
  return isTime ? ((hours * 60 + minutes) * 60 + seconds) * 1000 + tens * 10 + millis : Number.NaN;
}
