/** What is asked of the history: of one job or all (''), so many days back, only runs with failures or all. */
export type HistoryQuery = {job: string; days: number; failed: boolean};

/** The spans of time that can be chosen; 0 is all of it. */
export const historyDays = [1, 7, 30, 90, 0] as const;
