import {Text, type TextProps} from 'ink';

type Props = Omit<TextProps, 'wrap'>;

/** One line of the screen: what does not fit is cut, never wrapped. */
export const Line = (props: Props) => <Text wrap="truncate-end" {...props} />;
