import {crc32} from 'node:zlib';

/** Handed in by the launcher: a hash of the whole program. */
declare const MOZART_BUILD: string;

/** Names the very program that runs; undefined where it runs from its sources. */
export const thisBuild: string | undefined = typeof MOZART_BUILD === 'string' ? MOZART_BUILD : undefined;

/** Adds `seal`, a checksum of all that stands before it, as the last field of an object's JSON text. */
export const sealed = (json: string): string => {
	const body = json.slice(0, -1);
	return `${body},"seal":${crc32(body)}}`;
};

/** Whether a text is as `sealed` has left it; undefined where it has no seal. */
export const isWhole = (text: string): boolean | undefined => {
	const at = text.lastIndexOf(',"seal":');
	if (at < 0 || !/^,"seal":\d+\}$/.test(text.slice(at))) return undefined;
	return crc32(text.slice(0, at)) === Number(text.slice(at + 8, -1));
};
