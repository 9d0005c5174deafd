type Env = Readonly<Record<string, string | undefined>>;

/** Terminals whose own character sets are older than Unicode, or whose font has a few hundred signs. */
const oldTerminals = /^(linux|vt\d+|ansi|cons25)$/;

/**
 * Whether the terminal shows ASCII only: where the locale says another character set than UTF-8, or the terminal is too
 * old. A locale that says nothing tells nothing: containers and cron often have none. `MOZART_ASCII` (1 or 0) decides.
 */
export function wantsAscii({LC_ALL, LC_CTYPE, LANG, TERM = '', MOZART_ASCII}: Env): boolean {
	if (MOZART_ASCII) return MOZART_ASCII !== '0';
	const locale = LC_ALL || LC_CTYPE || LANG;
	return oldTerminals.test(TERM) || (locale !== undefined && locale !== '' && !/utf-?8/i.test(locale));
}
