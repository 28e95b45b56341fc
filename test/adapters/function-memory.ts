/**
 * Memory in MB of a function that leaves its children `childrenMb`: this process is a test worker, which may be of any
 * size, and is counted as the function's own, which is small.
 */
export const functionOf = (childrenMb: number): number => Math.ceil(process.memoryUsage.rss() / 1024 ** 2) + childrenMb
