/** What a line is, for the theme to dress: the text alone must be enough where there is no colour. */
export type LineLook = 'plain' | 'strong' | 'dim' | 'good' | 'bad' | 'added' | 'removed' | 'place';

export type StyledLine = {text: string; look: LineLook};

export const line = (text: string, look: LineLook = 'plain'): StyledLine => ({text, look});

/** A text of several lines, all alike. */
export const lines = (text: string, look: LineLook = 'plain'): StyledLine[] =>
	text.split('\n').map(one => line(one, look));
