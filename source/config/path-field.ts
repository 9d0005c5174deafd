import * as z from 'zod';

/** A field that holds a path; what it is relative to is for its description to say. */
export const path = (description: string) => z.string().min(1).describe(description);
