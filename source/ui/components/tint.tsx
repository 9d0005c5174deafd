import {Text, type TextProps} from 'ink';
import {createContext, use} from 'react';

/** Whether colours are shown; bold, dim and inverse text always are. */
export const Colors = createContext(true);

type Props = Omit<TextProps, 'color'> & {color?: string | undefined};

/** A text of a colour, where the person wants colours. */
export function Tint({color, ...props}: Props) {
	const shown = use(Colors) && color !== undefined;
	return <Text {...(shown && {color})} {...props} />;
}
