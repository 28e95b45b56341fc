/** What a caller prefers of an answer's form: RFC 7240. */
export type Preferences = {
  readonly respondAsync: boolean
  /** Seconds that the caller would wait for the answer itself. */
  readonly waitSeconds?: number
}

const none: Preferences = { respondAsync: false }

/** Reads a Prefer header; the first of two equal preferences counts, and what is not understood is passed over (RFC 7240 2). */
export const parsePrefer = (header?: string): Preferences => {
  if (header === undefined) return none
  const preferences = new Map<string, string>()
  for (const preference of header.split(',')) {
    const [name = '', value = ''] = preference
      .split(';', 1)[0]!
      .split('=')
      .map((part) => part.trim())
    const token = name.toLowerCase()
    if (token !== '' && !preferences.has(token)) preferences.set(token, value.replace(/^"(.*)"$/, '$1'))
  }
  const wait = preferences.get('wait') ?? ''
  return {
    respondAsync: preferences.has('respond-async'),
    ...(/^\d{1,9}$/.test(wait) && { waitSeconds: Number(wait) }),
  }
}
