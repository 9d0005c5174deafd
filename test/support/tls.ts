import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const at = (name: string) => new URL(`../fixtures/tls/${name}`, import.meta.url);
const read = (name: string) => readFileSync(at(name), 'utf8');

/** Who signed them all: trusted by a program that is started with NODE_EXTRA_CA_CERTS naming this file. */
export const authorityFile = fileURLToPath(at('ca.pem'));

/** Certificates for one throw-away key: for this machine, for another name, and for this machine in another time. */
export type Certificate = 'here' | 'elsewhere' | 'expired';

export const identity = (certificate: Certificate) => ({key: read('server.key'), cert: read(`${certificate}.pem`)});
