import path from 'node:path';
import {type Finding, sortFindings} from '../config/finding.js';
import type {Loaded} from '../config/load.js';
import {checkApis} from './apis.js';
import {checkBatches} from './batches.js';
import {checkBudget} from './budget.js';
import {draftOf} from './draft.js';
import {checkEnvironment} from './environment.js';
import {checkFolders} from './folders.js';
import {checkNotifications} from './notifications.js';
import {checkPatterns} from './patterns.js';
import {checkPlaceholders} from './placeholders.js';
import {checkProfiles} from './profiles.js';
import {checkProgram} from './program.js';
import {checkRetry, checkRules} from './rules.js';
import type {Subject} from './subject.js';
import {checkTemplate, checkVariables} from './template.js';

/**
 * Everything that can be known about a job before it runs, sorted by place: what reading the file brought up, and what
 * a look at its fields together, its template, its patterns and the files around it adds. Runs nothing and writes nothing.
 */
export async function checkJob(loaded: Loaded): Promise<Finding[]> {
	const {document, findings, job} = loaded;
	if (document.root.kind !== 'map') return findings;
	const subject: Subject = {
		...draftOf(document, job),
		document,
		folder: path.dirname(loaded.file),
		shownFolder: path.dirname(loaded.givenAs),
	};
	const found = await Promise.all([
		checkApis(subject),
		checkBatches(subject),
		checkBudget(subject),
		checkEnvironment(subject),
		checkFolders(subject),
		checkNotifications(subject),
		checkPatterns(subject),
		checkPlaceholders(subject),
		checkProfiles(subject),
		checkProgram(subject),
		checkRetry(subject),
		checkRules(subject),
		checkTemplate(subject),
		checkVariables(subject),
	]);
	return sortFindings([...findings, ...found.flat()]);
}
