/** @jsxImportSource hono/jsx */
import type {LoginView} from '../views.js';
import {type Html, page} from './page.js';

/** Asks for the password, where the server can be reached by others. */
export const loginPage = ({next, now, notice}: LoginView): Html =>
	page({
		...{title: 'Password', now, notice, isClosed: true},
		children: (
			<section class="card padded stack">
				<h1>Mozart</h1>
				{notice && <p class="is-bad">{notice.text}</p>}
				<form method="post" action="/login" class="fields">
					<input type="hidden" name="next" value={next} />
					<label>
						Password
						<input type="password" name="password" autocomplete="current-password" required />
					</label>
					<button type="submit">Open</button>
				</form>
			</section>
		),
	});
