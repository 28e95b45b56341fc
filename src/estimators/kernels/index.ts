export * from './histogram'
export * from './rows'
