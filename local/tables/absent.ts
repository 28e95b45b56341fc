type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** An answer without the members that are undefined. */
export const withoutAbsent = <T extends object>(answer: T): Partial<Present<T>> =>
  // The filter removes exactly what the type excludes.
  Object.fromEntries(Object.entries(answer).filter(([, member]) => member !== undefined)) as Partial<Present<T>>
