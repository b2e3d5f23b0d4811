import { client } from './generated/client.gen'
import { type ApiError, errorFromAnswer, errorWithoutAnswer } from './ApiError'

/** Makes every failing call reject with an {@link ApiError}, and tells when the session turned out to be over. */
export function installErrorHandling(onSessionLost: (error: ApiError) => void): void {
  client.interceptors.error.clear()
  client.interceptors.error.use((bodyOrCause, response: Response | undefined) => {
    if (!response) return errorWithoutAnswer(bodyOrCause)
    const error = errorFromAnswer(bodyOrCause, response)
    if (error.needsSession) onSessionLost(error)
    return error
  })
}
