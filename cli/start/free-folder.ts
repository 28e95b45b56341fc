import { lockFolder } from '../../local/lock.ts'
import { credentialsPath, localProfile, readProfiles } from '../credentials.ts'
import { Failure } from '../failure.ts'

/** Throws ALREADY_RUNNING where another service has the data folder: said before this one builds into it. */
export const requireFreeFolder = (data: string): void => {
  try {
    // Taken again, and kept, when the service starts.
    lockFolder(data)()
  } catch (cause) {
    // A lock that is taken has no code; what the file system or SQLite refuses has one.
    if (!(cause instanceof Error) || 'code' in cause) throw cause
    const url = readProfiles(credentialsPath(data))[localProfile]?.url
    const message = `percall is already running with the data folder ${data}${url === undefined ? '' : `, at ${url}`}`
    throw new Failure('ALREADY_RUNNING', message, 'use that one, stop it, or take another folder with --data', {
      cause,
    })
  }
}
