/** @jsxImportSource hono/jsx */

/** What stands over a column: `isEnd` for figures, `isWide` where a narrow screen does without it. */
export type Head = string | {words: string; isEnd?: boolean; isWide?: boolean};

/** The first row of a table. */
export const Heads = ({heads}: {heads: readonly Head[]}) => (
	<thead>
		<tr>
			{heads.map(head => {
				const {words, isEnd, isWide} = typeof head === 'string' ? {words: head} : head;
				return (
					<th scope="col" class={[isEnd && 'end', isWide && 'wide'].filter(Boolean).join(' ') || undefined}>
						{words}
					</th>
				);
			})}
		</tr>
	</thead>
);
