// The yardstick: nothing but execa with its defaults, one process after the other.
import {execa} from 'execa';

for (let left = Number(process.argv[2]); left > 0; left--) await execa('true');
