import type {TextProps} from 'ink';
import {Tint} from './tint.js';

type Props = Omit<TextProps, 'wrap'>;

/** One line of the screen: what does not fit is cut, never wrapped. */
export const Line = (props: Props) => <Tint wrap="truncate-end" {...props} />;
