import { MAX_MESSAGE_BYTES } from '@truecount/protocol';

/** Topic, packet id and header beside the largest message. */
export const MAX_PACKET_BYTES: number = MAX_MESSAGE_BYTES + 2048;

/**
 * Finds a packet that is too large from its fixed header (MQTT 3.1.1, 2.2), before its bytes are collected:
 * the parser behind it would otherwise buffer up to 256 MB for anyone who can open a connection.
 */
export class PacketMeter {
  readonly #maxBytes: number;
  /** Bytes of the present packet's body that are still to come. */
  #body = 0;
  /** Undefined between packets; otherwise the length read so far and the weight of its next digit. */
  #length: { value: number; weight: number } | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns false when a packet exceeds the bound or its length is malformed; the connection is to be ended */
  accepts(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; ) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, chunk.length - at);
        this.#body -= taken;
        at += taken;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (this.#length === undefined) this.#length = { value: 0, weight: 1 };
      else if (!this.#readLength(this.#length, byte)) return false;
    }
    return true;
  }

  #readLength(length: { value: number; weight: number }, byte: number): boolean {
    length.value += (byte & 0x7f) * length.weight;
    length.weight *= 128;
    const goesOn = (byte & 0x80) !== 0;
    // The length has at most four digits.
    if (length.value > this.#maxBytes || (goesOn && length.weight > 128 ** 3)) return false;
    if (!goesOn) {
      this.#body = length.value;
      this.#length = undefined;
    }
    return true;
  }
}
