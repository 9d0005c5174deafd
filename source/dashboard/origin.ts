import {BlockList, isIP} from 'node:net';
import {hostname, networkInterfaces} from 'node:os';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach a server that listens there. A name other than `localhost` may mean anything. */
export function isLoopback(host: string): boolean {
	const version = isIP(host);
	if (version === 0) return host.toLowerCase() === 'localhost';
	return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** A host as an address writes it. Where all of this machine's are listened at, one by which others reach it. */
export function written(host: string): string {
	if (host === '0.0.0.0' || host === '::') {
		const all = Object.values(networkInterfaces()).flatMap(found => found ?? []);
		return all.find(({family, internal}) => family === 'IPv4' && !internal)?.address ?? 'localhost';
	}
	return isIP(host) === 6 ? `[${host}]` : host;
}

/** The name in a `Host` header, without its port; undefined where it is none. */
function nameIn(header: string): string | undefined {
	const [, six, name] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header) ?? [];
	return six ?? name?.toLowerCase();
}

/**
 * Whether a browser that says it speaks to this host may be answered. A page elsewhere can have its own name mean this
 * machine (DNS rebinding), but not an address or a name of this machine. Ports are left alone: a tunnel has its own.
 */
export function isOwnHost(header: string | undefined, listening: string, alias?: string): boolean {
	const name = header === undefined ? undefined : nameIn(header);
	if (name === undefined) return false;
	if (isLoopback(name) || name === alias?.toLowerCase()) return true;
	if (isLoopback(listening)) return false;
	return isIP(name) !== 0 || name === listening.toLowerCase() || name === hostname().toLowerCase();
}

/** What a browser tells of where a request comes from; other programs tell nothing. */
export type Provenance = {host: string; origin: string | undefined; site: string | undefined};

/** `own`: a page of this server asks, or a person by its address. `unsaid`: nothing tells. */
export function provenance({host, origin, site}: Provenance): 'own' | 'unsaid' | 'foreign' {
	if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return 'foreign';
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'foreign';
	return origin === undefined && site === undefined ? 'unsaid' : 'own';
}
