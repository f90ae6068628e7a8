import { createHash } from 'node:crypto'
import { responseField } from '../src/selfservice/limits/challenge.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
type Flow = any

/** The challenge in the form of a flow, as a client reads it. */
export function challengeIn(flow: Flow) {
  const node = flow?.ui?.nodes?.find(
    (one: Flow) => one.attributes.name === 'captcha_proof_of_work_options' && one.group === 'captcha',
  )
  return node && JSON.parse(node.attributes.value)
}

/** The members of a submission that hold the solution of a challenge. */
export function solve(challenge: { salt: string; challenge: string; maxnumber: number }) {
  const { maxnumber, ...signed } = challenge
  for (let number = 0; number <= maxnumber; number++) {
    if (createHash('sha256').update(`${challenge.salt}${number}`).digest('hex') === challenge.challenge)
      return { transient_payload: { [responseField]: responseOf({ ...signed, number }) } }
  }
  throw new Error('the challenge has no solution')
}

export function responseOf(solution: object): string {
  return Buffer.from(JSON.stringify(solution)).toString('base64')
}
