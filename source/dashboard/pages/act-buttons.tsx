/** @jsxImportSource hono/jsx */
import type {Act, Fields} from './acts.js';

type Where = {
	/** Where commands of the job are sent to. */
	to: string;
	/** The page that is come back to. */
	back: string;
};

/** Buttons that send, and buttons that open a question which sends. All of it works without the script. */
export const ActButtons = ({acts, id, ...where}: Where & {acts: readonly Act[]; id: string}) => (
	<div class="acts" id={id}>
		{acts.map(act => {
			const key =
				act.key === undefined ? undefined : (
					<span class="js-only" aria-hidden="true">
						<kbd>{act.key}</kbd>
					</span>
				);
			if ('fields' in act)
				return (
					<CommandForm fields={act.fields} {...where}>
						<button
							type="submit"
							data-key={act.key}
							class={act.isGrave ? 'grave' : undefined}
							title={act.says && `${act.label} ${act.says}`}
						>
							{act.label}
							{act.says && <span class="unseen"> {act.says}</span>}
							{key}
						</button>
					</CommandForm>
				);
			const name = `${id}-${act.key ?? act.label}`;
			return (
				<>
					<button type="button" popovertarget={name} data-key={act.key} class={act.isGrave ? 'grave' : undefined}>
						{act.label}
						{key}
					</button>
					<Question act={act} name={name} {...where} />
				</>
			);
		})}
	</div>
);

function Question({act, name, ...where}: Where & {act: Extract<Act, {question: string}>; name: string}) {
	return (
		<dialog popover="auto" id={name} aria-labelledby={`${name}-text`}>
			<div class="stack">
				<p id={`${name}-text`}>{act.question}</p>
				<div class="acts">
					{act.answers.map(({label, fields, isGrave}) => (
						<CommandForm fields={fields} {...where}>
							<button type="submit" class={isGrave ? 'grave' : undefined}>
								{label}
							</button>
						</CommandForm>
					))}
					<button type="button" popovertarget={name} popovertargetaction="hide" autofocus>
						No
					</button>
				</div>
			</div>
		</dialog>
	);
}

/** A command as a form, to be sent with and without the script. */
const CommandForm = ({fields, to, back, children}: Where & {fields: Fields; children?: unknown}) => (
	<form method="post" action={to} data-command>
		<input type="hidden" name="back" value={back} />
		{Object.entries(fields).map(([name, value]) => (
			<input type="hidden" name={name} value={String(value)} />
		))}
		{children}
	</form>
);
