/** An authority and a certificate for loopback that it signed, made anew with the machine's openssl. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './programs.ts';

export const opensslProgram: string | undefined = findProgram('openssl');

export interface TestCertificates extends Disposable {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly caPem: string;
}

const run = promisify(execFile);

/** @param name of the authority, so that two differ to the eye */
export async function makeCertificates(name: string): Promise<TestCertificates> {
  if (!opensslProgram) throw new Error('openssl is not installed: apt-get install openssl');
  const folder = mkdtempSync(join(tmpdir(), 'truecount-tls-'));
  const file = (part: string): string => join(folder, part);
  const program = opensslProgram;
  const openssl = (line: string): Promise<unknown> => run(program, line.split(' '), { cwd: folder });
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  writeFileSync(file('san.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -subj /CN=${name} -days 2`);
  await openssl(`req ${newKey} -keyout hub.key -out hub.csr -subj /CN=hub`);
  await openssl(
    'x509 -req -in hub.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out hub.pem -days 2 -extfile san.cnf',
  );
  return {
    certFile: file('hub.pem'),
    keyFile: file('hub.key'),
    caFile: file('ca.pem'),
    caPem: readFileSync(file('ca.pem'), 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
