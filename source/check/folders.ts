import {stat} from 'node:fs/promises';
import {folderOf} from '../config/backend-schema.js';
import type {Finding} from '../config/finding.js';
import {error, fromFolder, type Subject} from './subject.js';

/** Folders the job names: the one to run in must be there, and the one for results must not be a file. */
export async function checkFolders(subject: Subject): Promise<Finding[]> {
	const {document, job, sound} = subject;
	const findings: Finding[] = [];
	const working_directory = folderOf(job.backend);
	if (sound.has('backend') && working_directory !== '.') {
		const sight = await look(fromFolder(subject, working_directory));
		const place = document.placeOf(['backend', 'working_directory']);
		if (sight === 'nothing') findings.push(error(place, `the working directory ${working_directory} does not exist`));
		if (sight === 'other') findings.push(error(place, `the working directory ${working_directory} is not a folder`));
	}
	if (sound.has('workspace') && (await look(fromFolder(subject, job.workspace))) === 'other') {
		const message = `the workspace ${job.workspace} is a file, and must be a folder`;
		findings.push(error(document.placeOf(['workspace']), message));
	}
	return findings;
}

async function look(file: string): Promise<'folder' | 'other' | 'nothing'> {
	try {
		return (await stat(file)).isDirectory() ? 'folder' : 'other';
	} catch {
		return 'nothing';
	}
}
