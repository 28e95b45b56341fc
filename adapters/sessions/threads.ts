/** Lambda gives one full vCPU for each 1,769 MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const memoryMbPerCore = 1769

export const threadsFor = (memoryMb: number): number => Math.max(1, Math.floor(memoryMb / memoryMbPerCore))
