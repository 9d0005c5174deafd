/**
 * The live part of the pages. They are whole without it: it looks at the same page again when the server says that
 * something has happened, and changes what differs. No text of a job ever becomes HTML here: the browser parses the
 * server's page, in which everything is escaped.
 */
import './keys.js';
import {showRunning} from './batch-list.js';
import {showEnds} from './output.js';
import {listen, tellLine} from './stream.js';

document.documentElement.classList.add('js');
tellLine(document.body.dataset.live === undefined ? 'over' : 'live');
listen();
showEnds();
showRunning();
