/** A certificate and its key from files, checked to belong together before anything listens with them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

export class TlsFilesError extends Error {
  readonly code = 'E_TLS_FILES';
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Of the authority that signed it; the certificate itself when nobody else did. */
  readonly ca: string;
  /** SHA-256 of the certificate, hex with colons: what people compare. */
  readonly fingerprint: string;
}

/** @param field of the config, for messages */
export function readTls(
  files: { readonly certFile: string; readonly keyFile: string; readonly caFile?: string },
  field: string,
): TlsFiles {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      throw new TlsFilesError(`${field}: ${file} cannot be read; name a PEM file`);
    }
  };
  const cert = read(files.certFile);
  const key = read(files.keyFile);
  const ca = files.caFile === undefined ? cert : read(files.caFile);
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      throw new TlsFilesError(`${field}: the key in ${files.keyFile} is not the one of ${files.certFile}`);
    return { cert, key, ca, fingerprint: certificate.fingerprint256 };
  } catch (error) {
    if (error instanceof TlsFilesError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TlsFilesError(`${field}: ${files.certFile} or ${files.keyFile} is no PEM file: ${reason}`);
  }
}
