/** An authority and a server that it vouches for (127.0.0.1), made with openssl. As files and as PEM. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

export type Certificates = {
  /** The authority's certificate. */
  readonly caFile: string;
  readonly key: string;
  readonly certificate: string;
};

export function makeCertificates(folder: string): Certificates {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const authority = ['-keyout', file('ca.key'), '-out', file('ca.pem')];
  openssl('req', '-x509', ...NEW_KEY, '-subj', '/CN=test authority', ...authority);
  const signed = [
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  const server = [
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-keyout',
    file('key.pem'),
    '-out',
    file('cert.pem'),
  ];
  openssl('req', '-x509', ...NEW_KEY, '-subj', '/CN=kurrentdb', ...signed, ...server);
  return {
    caFile: file('ca.pem'),
    key: readFileSync(file('key.pem'), 'utf8'),
    certificate: readFileSync(file('cert.pem'), 'utf8'),
  };
}
