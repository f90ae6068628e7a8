const recoveredBy = (via: 'email' | 'sms') => ({ 'ory.sh/kratos': { recovery: { via } } })
const email = {
  type: 'string',
  format: 'email',
  'ory.sh/kratos': {
    credentials: { password: { identifier: true } },
    recovery: { via: 'email' },
  },
}
const traits = {
  type: 'object',
  properties: {
    email,
    second: { type: 'string', format: 'email', ...recoveredBy('email') },
    phone: { type: 'string', format: 'tel', ...recoveredBy('sms') },
  },
}
/** An identity schema with three recovery addresses. */
export const schemaWithAddresses = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { traits },
}

let count = 0
/** A number nobody has. */
export const freshPhone = () => `+491512621${String(10_000 + ++count).slice(1)}`

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
export type Body = any

/** The fields of a form as [name, type, value], without the anti-CSRF token. */
export const fields = (body: Body) =>
  body.ui.nodes
    .map(({ attributes: { name, type, value } }: Body) => [name, type, value])
    .filter(([name]: string[]) => name !== 'csrf_token')
/** The addresses that a form lets people choose from. */
export const choices = (body: Body): { value: string; label: string }[] =>
  body.ui.nodes
    .filter(({ attributes }: Body) => attributes.name === 'recovery_select_address')
    .map(({ attributes, meta }: Body) => ({ value: attributes.value, label: meta.label.text }))
