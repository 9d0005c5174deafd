/** @jsxImportSource hono/jsx */

type Props = {
	label: string;
	text: string;
	/** A part of its page is as high as it needs to be, up to the window. */
	isTall?: boolean;
	id?: string;
	/** `<batch>-<attempt>`, whose live output the script adds at the end. */
	output?: string | undefined;
};

/** A text that scrolls in its own place, with the keys too. */
export const ScrollText = ({label, text, isTall = false, id, output}: Props) => (
	<section
		class={isTall ? 'text tall scroll' : 'text scroll'}
		id={id}
		aria-label={label}
		tabindex={0}
		data-output={output}
		data-keep={output === undefined ? undefined : true}
	>
		<pre>{text}</pre>
	</section>
);
