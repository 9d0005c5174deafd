import {createHash, randomBytes, timingSafeEqual} from 'node:crypto';

/** Who may look. Everything is drawn anew when the server starts, and nothing of it is written anywhere. */
export type Access = {
	/** Stands in the address that is printed, and after `Authorization: Bearer`. */
	readonly token: string;
	/** What a browser that has shown the token, or the password, keeps as its cookie. */
	readonly session: string;
	readonly hasPassword: boolean;
	isToken(text: string): boolean;
	isSession(text: string): boolean;
	isPassword(text: string): boolean;
};

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Takes as long for any text: digests have one length, and are compared to their ends. */
const isSame = (known: Buffer) => (text: string) => timingSafeEqual(known, digest(text));

export function createAccess(password: string | undefined): Access {
	const [token, session] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
	return {
		token,
		session,
		hasPassword: password !== undefined,
		isToken: isSame(digest(token)),
		isSession: isSame(digest(session)),
		isPassword: password === undefined ? () => false : isSame(digest(password)),
	};
}
