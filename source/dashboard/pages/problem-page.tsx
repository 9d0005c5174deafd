/** @jsxImportSource hono/jsx */
import type {ProblemView} from '../views.js';
import {type Html, page} from './page.js';

/** What stands where a page cannot be shown; who may not look finds no links on it. */
export const problemPage = ({title, text, now, status, notice}: ProblemView): Html =>
	page({
		...{title, now, notice, isClosed: status === 401 || status === 403},
		children: (
			<section class="card padded stack">
				<h1>{title}</h1>
				<p>{text}</p>
			</section>
		),
	});
