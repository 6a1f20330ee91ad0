const CATEGORY = 'assignment-';

export const streamOf = (jobId: string): string => `${CATEGORY}${jobId}`;
export const jobIdOf = (streamId: string): string => streamId.slice(CATEGORY.length);
