/** Cuts a stream of bytes into MQTT control packets [MQTT 3.1.1, 2.2], so that a proxy can treat each by itself. */

/** [MQTT 3.1.1, 2.2.1] */
const PUBLISH = 3;
/** The remaining length takes at most four bytes [MQTT 3.1.1, 2.2.3]. */
const MAX_LENGTH_BYTES = 4;

export class MqttFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the packets that are whole now, in order */
  push(chunk: Uint8Array): readonly Buffer[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const packets: Buffer[] = [];
    for (;;) {
      const length = packetLength(this.#rest);
      if (length === undefined || length > this.#rest.length) return packets;
      packets.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}

/** Of the first packet, header included; undefined while its length is not read. */
function packetLength(bytes: Uint8Array): number | undefined {
  let remaining = 0;
  for (let at = 1; at <= MAX_LENGTH_BYTES; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    remaining += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 128) return 1 + at + remaining;
  }
  throw new Error('the bytes are no MQTT: a remaining length of more than four bytes [MQTT 3.1.1, 2.2.3]');
}

export const isPublish = (packet: Uint8Array): boolean => (packet[0] ?? 0) >> 4 === PUBLISH;

/** Of a PUBLISH packet [MQTT 3.1.1, 3.3.2.1]. */
export function topicIn(packet: Buffer): string {
  let at = 1;
  while ((packet[at] ?? 0) >= 128) at += 1;
  const length = packet.readUInt16BE(at + 1);
  return packet.toString('utf8', at + 3, at + 3 + length);
}

/** The same message again, marked as such where it is one that is acknowledged [MQTT 3.1.1, 3.3.1.1]. */
export function repeated(packet: Uint8Array): Buffer {
  const copy = Buffer.from(packet);
  const isAcknowledged = ((copy[0] ?? 0) & 0x06) !== 0;
  if (isAcknowledged) copy[0] = (copy[0] ?? 0) | 0x08;
  return copy;
}
