import type { Wording } from './wording.ts'

const minutes = (count: number) => (count === 1 ? '1 minute' : `${count} minutes`)
const ignore = 'If this was not you, you can ignore this message: nobody can continue without it.'
const changePassword =
  'If this was not you, somebody else knows your password: please change it soon. Nobody can sign in without this code.'
const secret = (name: string) => `Tell it to nobody. People who work for ${name} will never ask for it.`

export const english: Wording = {
  recovery_code_valid: ({ recovery_code: code, expires_in_minutes: time }, name) => ({
    subject: `Your code to get back into ${name}`,
    heading: 'Recover your account',
    lead: ['Enter this code on the page where you asked for it:'],
    code,
    notes: [`It works once, within the next ${minutes(time)}. ${secret(name)}`, ignore],
    sms: `${code} is your code to get back into ${name}. It works for ${minutes(time)}. Tell it to nobody.`,
  }),
  recovery_code_invalid: (_, name) => ({
    subject: `Someone tried to get into ${name} with this address`,
    heading: 'No account with this address',
    lead: [
      `Someone, perhaps you, wanted to get back into an account at ${name} with this address. No account has it.`,
      'If it was you, try another address, or create an account.',
    ],
    notes: ['If this was not you, you can ignore this message.'],
  }),
  recovery_valid: ({ recovery_url: url, expires_in_minutes: time }, name) => ({
    subject: `Your link to get back into ${name}`,
    heading: 'Recover your account',
    lead: ['Open this link to choose a new way to sign in:'],
    button: { label: 'Get back in', url },
    notes: [`It works once, within the next ${minutes(time)}. Pass it on to nobody.`, ignore],
  }),
  recovery_invalid: (data, name) => english.recovery_code_invalid(data, name),
  verification_code_valid: ({ verification_code: code, verification_url: url, expires_in_minutes: time }, name) => ({
    subject: `Confirm your address for ${name}`,
    heading: 'Confirm your address',
    lead: ['Enter this code on the page where you asked for it:'],
    code,
    ...(url ? { button: { label: 'Or confirm in the browser', url } } : {}),
    notes: [
      `The code works once, within the next ${minutes(time)}. ${secret(name)}`,
      'If you did not enter this address anywhere, you can ignore this message.',
    ],
    sms: `${code} is your code to confirm this number for ${name}. It works for ${minutes(time)}.`,
  }),
  verification_code_invalid: (_, name) => ({
    subject: `Someone tried to confirm this address for ${name}`,
    heading: 'No account with this address',
    lead: [
      `Someone, perhaps you, wanted to confirm this address for ${name}. No account has it.`,
      'If it was you, look up which address you signed up with.',
    ],
    notes: ['If this was not you, you can ignore this message.'],
  }),
  verification_valid: ({ verification_url: url, expires_in_minutes: time }, name) => ({
    subject: `Confirm your address for ${name}`,
    heading: 'Confirm your address',
    lead: ['Open this link to confirm that this address is yours:'],
    button: { label: 'Confirm address', url },
    notes: [
      `It works once, within the next ${minutes(time)}.`,
      'If you did not enter this address anywhere, you can ignore this message.',
    ],
  }),
  verification_invalid: (data, name) => english.verification_code_invalid(data, name),
  login_code_valid: ({ login_code: code, expires_in_minutes: time, new_device: isNew }, name) => ({
    subject: `Your code to sign in to ${name}`,
    heading: isNew ? 'Sign in on a new device' : 'Sign in',
    lead: isNew
      ? [
          `Somebody has entered your password for ${name} on a device that you have not used before.`,
          'If this is you, enter this code there:',
        ]
      : ['Enter this code on the page where you are signing in:'],
    code,
    notes: [`It works once, within the next ${minutes(time)}. ${secret(name)}`, isNew ? changePassword : ignore],
    sms: `${code} is your code to sign in to ${name}. It works for ${minutes(time)}. Tell it to nobody.`,
  }),
  registration_code_valid: ({ registration_code: code, expires_in_minutes: time }, name) => ({
    subject: `Your code to sign up to ${name}`,
    heading: 'Create your account',
    lead: ['Enter this code on the page where you are signing up:'],
    code,
    notes: [
      `It works once, within the next ${minutes(time)}. ${secret(name)}`,
      'If you did not sign up, you can ignore this message: without the code, no account is created.',
    ],
    sms: `${code} is your code to sign up to ${name}. It works for ${minutes(time)}. Tell it to nobody.`,
  }),
  verifiable_address_changed: (_, name) => ({
    subject: `An address of your account at ${name} was changed`,
    heading: 'An address was changed',
    lead: [`An email address or phone number of your account at ${name} was added, changed or removed.`],
    notes: [
      'If this was you, you need not do anything.',
      `If it was not you, somebody else may have access to your account. Please contact ${name} at once.`,
    ],
    sms: `An address of your account at ${name} was changed. If this was not you, contact ${name} at once.`,
  }),
  authenticator_key_added: (_, name) => ({
    subject: `A new way to sign in to your account at ${name}`,
    heading: 'A way to sign in was added',
    lead: [`A passkey, security key, authenticator app or list of backup codes was added to your account at ${name}.`],
    notes: [
      'If this was you, you need not do anything.',
      `If it was not you, somebody else may have access to your account. Please contact ${name} at once.`,
    ],
    sms: `A way to sign in to your account at ${name} was added. If this was not you, contact ${name} at once.`,
  }),
  impersonation_started: ({ reason, expires_at: until }, name) => ({
    subject: `${name} support is using your account`,
    heading: 'Support access to your account',
    lead: [`An administrator of ${name} can use your account until ${until}. The reason given: ${reason}`],
    notes: [
      'Your password and other ways to sign in cannot be seen or changed.',
      `If you did not expect this, please contact ${name}.`,
    ],
  }),
}
