import { ApiError } from '../client/client.ts'

/** Does what an owner's key may; with any other key, what that may instead. */
export const unlessOwnerOnly = async <Result>(
  owners: () => Promise<Result>,
  others: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await owners()
  } catch (error) {
    if (error instanceof ApiError && error.code === 'OWNER_ONLY') return await others()
    throw error
  }
}
