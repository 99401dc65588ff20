/**
 * For tests: a network camera that speaks RTSP (RFC 2326) on loopback and sends JPEG pictures as RTP
 * inside the same connection (RFC 2435). Real bytes for a real ffmpeg; only the lens is missing.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RtspCamera extends AsyncDisposable {
  readonly url: string;
  /** Methods that were asked for, in order. */
  readonly asked: readonly string[];
}

const RTP_JPEG = 26;
const CLOCK_HZ = 90_000;
const LARGEST_PAYLOAD = 1400;

/** @param jpeg baseline, 4:2:0, standard Huffman tables, sides in multiples of 8 */
export async function startRtspCamera(jpeg: Buffer, picturesPerSecond = 25): Promise<RtspCamera> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    let timer: ReturnType<typeof setInterval> | undefined;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      open.delete(socket);
    });
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      for (let end = heard.indexOf('\r\n\r\n'); end >= 0; end = heard.indexOf('\r\n\r\n')) {
        const request = heard.slice(0, end);
        heard = heard.slice(end + 4);
        const [method = ''] = request.split(' ');
        asked.push(method);
        socket.write(answerTo(method, /CSeq: *(\d+)/i.exec(request)?.[1] ?? '0'));
        if (method === 'PLAY') timer = sendPictures(socket, jpeg, picturesPerSecond);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/shelf`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerTo(method: string, sequence: string): string {
  const head = `RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\nSession: 7\r\n`;
  switch (method) {
    case 'OPTIONS':
      return `${head}Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n`;
    case 'DESCRIBE': {
      const sdp = `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=shelf\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP ${RTP_JPEG}\r\na=control:video\r\n`;
      return `${head}Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
    }
    case 'SETUP':
      return `${head}Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n`;
    default:
      return `${head}\r\n`;
  }
}

function sendPictures(socket: Socket, jpeg: Buffer, perSecond: number): ReturnType<typeof setInterval> {
  const picture = partsOf(jpeg);
  let sequence = 0;
  let count = 0;
  return setInterval(() => {
    for (const packet of packets(picture, (count * CLOCK_HZ) / perSecond, sequence)) {
      sequence += 1;
      socket.write(packet);
    }
    count += 1;
  }, 1000 / perSecond);
}

interface JpegParts {
  readonly width: number;
  readonly height: number;
  /** Luma and chroma, 64 bytes each. */
  readonly tables: Buffer;
  readonly scan: Buffer;
}

/** What RFC 2435 sends of a JPEG file: size, quantisation tables, and what follows the headers. */
function partsOf(jpeg: Buffer): JpegParts {
  const tables: Buffer[] = [];
  let [width, height] = [0, 0];
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg.readUInt8(at + 1);
    const length = jpeg.readUInt16BE(at + 2);
    if (marker === 0xdb)
      for (let from = at + 4; from < at + 2 + length; from += 65)
        tables.push(jpeg.subarray(from + 1, from + 65));
    if (marker === 0xc0) [height, width] = [jpeg.readUInt16BE(at + 5), jpeg.readUInt16BE(at + 7)];
    at += 2 + length;
    if (marker === 0xda)
      return { width, height, tables: Buffer.concat(tables), scan: jpeg.subarray(at, jpeg.length - 2) };
  }
  throw new Error('no baseline JPEG');
}

function* packets(picture: JpegParts, timestamp: number, firstSequence: number): Generator<Buffer> {
  const { width, height, tables, scan } = picture;
  let sequence = firstSequence;
  for (let offset = 0; offset < scan.length; offset += LARGEST_PAYLOAD) {
    const part = scan.subarray(offset, offset + LARGEST_PAYLOAD);
    const isLast = offset + part.length >= scan.length;
    const rtp = Buffer.alloc(12);
    rtp.writeUInt8(0x80, 0);
    rtp.writeUInt8((isLast ? 0x80 : 0) | RTP_JPEG, 1);
    rtp.writeUInt16BE(sequence++ & 0xffff, 2);
    rtp.writeUInt32BE(timestamp >>> 0, 4);
    rtp.writeUInt32BE(1, 8);
    const head = Buffer.alloc(8);
    head.writeUIntBE(offset, 1, 3);
    head.writeUInt8(1, 4); // 4:2:0
    head.writeUInt8(255, 5); // the tables travel with the first part
    head.writeUInt8(width / 8, 6);
    head.writeUInt8(height / 8, 7);
    const quantisation = offset === 0 ? [Buffer.from([0, 0, 0, tables.length]), tables] : [];
    const payload = Buffer.concat([rtp, head, ...quantisation, part]);
    const interleaved = Buffer.from([0x24, 0, 0, 0]);
    interleaved.writeUInt16BE(payload.length, 2);
    yield Buffer.concat([interleaved, payload]);
  }
}
