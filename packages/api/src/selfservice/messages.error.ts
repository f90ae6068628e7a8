import { expiryContext, message } from './message.ts'

/** What went wrong: ids 4000000 to 5999999. */
export const errorMessages = {
  4000001: message('invalid', 'error', '{reason}', { reason: 'text' }),
  4000002: message('required', 'error', 'Please fill in this field.', { property: 'text' }),
  4000003: message('tooShort', 'error', 'Too short: enter {min_length} or more characters (now {actual_length}).', {
    min_length: 'number',
    actual_length: 'number',
  }),
  4000004: message('invalidFormat', 'error', 'The value does not match the expected format ({pattern}).', {
    pattern: 'text',
  }),
  4000005: message('passwordRefused', 'error', 'Please choose another password: {reason}.', { reason: 'text' }),
  4000006: message('invalidCredentials', 'error', 'The credentials are not correct. Please check them for typos.'),
  4000007: message(
    'duplicateCredentials',
    'error',
    'An account with this email address, phone number or username already exists.',
  ),
  4000008: message('totpWrong', 'error', 'The code from the authenticator app is not correct. Please try again.'),
  4000009: message(
    'identifierMissing',
    'error',
    'No identifier was given, such as an email address. If you filled in all fields, the service is not configured correctly.',
  ),
  4000010: message('addressNotVerified', 'error', 'Please confirm your address first. We have sent you a message.'),
  4000011: message('noTotpDevice', 'error', 'No authenticator app is set up for this account.'),
  4000012: message('lookupAlreadyUsed', 'error', 'This backup code has already been used. Please use another one.'),
  4000013: message('noWebAuthnDevice', 'error', 'No security key is set up for this account.'),
  4000014: message('noLookup', 'error', 'This account has no backup codes.'),
  4000015: message('noSuchWebAuthnUser', 'error', 'No account with a security key was found.'),
  4000016: message('lookupInvalid', 'error', 'This backup code is not correct.'),
  4000017: message('tooLong', 'error', 'Too long: use {max_length} or fewer characters (now {actual_length}).', {
    max_length: 'number',
    actual_length: 'number',
  }),
  4000018: message('tooSmall', 'error', 'Use {minimum} or more (now {actual}).', {
    minimum: 'number',
    actual: 'number',
  }),
  4000019: message('notAbove', 'error', 'Use more than {minimum} (now {actual}).', {
    minimum: 'number',
    actual: 'number',
  }),
  4000020: message('tooLarge', 'error', 'Use {maximum} or less (now {actual}).', {
    maximum: 'number',
    actual: 'number',
  }),
  4000021: message('notBelow', 'error', 'Use less than {maximum} (now {actual}).', {
    maximum: 'number',
    actual: 'number',
  }),
  4000022: message('notMultiple', 'error', 'Use a multiple of {base} (now {actual}).', {
    base: 'number',
    actual: 'number',
  }),
  4000023: message('tooManyItems', 'error', 'Too many entries: {max_items} at most (now {actual_items}).', {
    max_items: 'number',
    actual_items: 'number',
  }),
  4000024: message('tooFewItems', 'error', 'Too few entries: {min_items} at least (now {actual_items}).', {
    min_items: 'number',
    actual_items: 'number',
  }),
  4000025: message('itemsEqual', 'error', 'Entries {index_a} and {index_b} are the same.', {
    index_a: 'number',
    index_b: 'number',
  }),
  4000026: message('wrongType', 'error', 'This needs to be {allowed_types}, but is {actual_type}.', {
    allowed_types: 'types',
    actual_type: 'type',
  }),
  4000027: message(
    'duplicateCredentialsOnLink',
    'error',
    'An account with this email address, phone number or username already exists. Sign in to it to connect the two.',
  ),
  4000028: message(
    'duplicateCredentialsWithHints',
    'error',
    'This already belongs to an account[: {credential_identifier_hint}].[ Sign in to it with {available_credential_types}.][ Connected to it: {available_oidc_providers}.]',
    {
      available_credential_types: 'credentials',
      available_oidc_providers: 'list',
      credential_identifier_hint: 'text',
    },
  ),
  4000029: message('notConstant', 'error', 'Only {expected} is accepted here.', { expected: 'value' }),
  4000030: message('notExpectedValue', 'error', 'This is not the value accepted here.'),
  4000031: message('passwordTooSimilar', 'error', 'Please choose a password less like your name or address.'),
  4000032: message(
    'passwordTooShort',
    'error',
    'Please choose a longer password: {min_length} or more characters (now {actual_length}).',
    {
      min_length: 'number',
      actual_length: 'number',
    },
  ),
  4000033: message(
    'passwordTooLong',
    'error',
    'Please choose a shorter password: {max_length} or fewer characters (now {actual_length}).',
    {
      max_length: 'number',
      actual_length: 'number',
    },
  ),
  4000034: message('passwordBreached', 'error', 'This password appeared in a data breach. Please choose another one.', {
    breaches: 'number',
  }),
  4000035: message('noCodeUser', 'error', 'No account that signs in with a code was found.'),
  4000036: message('traitsMismatch', 'error', 'These details differ from those you entered first. Please start again.'),
  4000037: message('accountNotFound', 'error', 'No account with this sign-in method was found.'),
  4000038: message('captchaFailed', 'error', 'Please complete the security check, then try again.'),
  4000039: message('passwordUnchanged', 'error', 'This is your current password. Please choose another one.'),
  4000040: message('notAnEmail', 'error', 'This is not an email address. It should look like name@example.org.', {
    value: 'text',
  }),
  4000041: message('notAPhone', 'error', 'This is not a phone number. It should look like +49 30 123456.', {
    value: 'text',
  }),

  4010001: message('loginExpired', 'error', 'This page was open for too long. Please sign in again.', expiryContext()),
  4010002: message('loginNoMethod', 'error', 'No sign-in method was selected. Please fill in the form.'),
  4010003: message('registrationNoMethod', 'error', 'No sign-up method was selected. Please fill in the form.'),
  4010004: message('settingsNoMethod', 'error', 'No change was submitted. Please fill in the form.'),
  4010005: message('recoveryNoMethod', 'error', 'No recovery method was selected. Please fill in the form.'),
  4010006: message('verificationNoMethod', 'error', 'No verification method was selected. Please fill in the form.'),
  4010007: message('loginAlreadyDone', 'error', 'This sign-in has already been completed.'),
  4010008: message('loginCodeInvalid', 'error', 'This code is not correct or has already been used. Please try again.'),
  4010009: message('loginLinkMismatch', 'error', 'You signed in to a different account than the one to be connected.'),
  4010010: message('loginAddressUnknown', 'error', 'This is not an address of your account.'),

  4040001: message(
    'registrationExpired',
    'error',
    'This page was open for too long. Please sign up again.',
    expiryContext(),
  ),
  4040002: message('registrationAlreadyDone', 'error', 'This sign-up has already been completed.'),
  4040003: message(
    'registrationCodeInvalid',
    'error',
    'This code is not correct or has already been used. Please try again.',
  ),

  4050001: message(
    'settingsExpired',
    'error',
    'This page was open for too long. Please make your change again.',
    expiryContext(),
  ),
  4050002: message('settingsTooManyAddresses', 'error', 'Please change one address at a time.'),

  4060001: message('recoveryAlreadyDone', 'error', 'This recovery has already been completed.'),
  4060002: message('recoveryFailed', 'error', 'This recovery cannot continue. Please start again.'),
  4060003: message(
    'recoveryTokenMissing',
    'error',
    'This link is incomplete. Please open it again or request a new one.',
  ),
  4060004: message(
    'recoveryTokenInvalid',
    'error',
    'This link is not valid or has already been used. Please request a new one.',
  ),
  4060005: message('recoveryExpired', 'error', 'This page was open for too long. Please start again.', expiryContext()),
  4060006: message(
    'recoveryCodeInvalid',
    'error',
    'This code is not correct or has already been used. Please try again.',
  ),

  4070001: message(
    'verificationTokenInvalid',
    'error',
    'This link is not valid or has already been used. Please request a new one.',
  ),
  4070002: message('verificationAlreadyDone', 'error', 'This address has already been confirmed.'),
  4070003: message('verificationFailed', 'error', 'This confirmation cannot continue. Please start again.'),
  4070004: message(
    'verificationTokenMissing',
    'error',
    'This link is incomplete. Please open it again or request a new one.',
  ),
  4070005: message(
    'verificationExpired',
    'error',
    'This page was open for too long. Please start again.',
    expiryContext(),
  ),
  4070006: message(
    'verificationCodeInvalid',
    'error',
    'This code is not correct or has already been used. Please try again.',
  ),

  5000001: message('systemFault', 'error', '{reason}', { reason: 'text' }),
  5000002: message(
    'noMethodAvailable',
    'error',
    'No sign-in method is available. Please contact the operator of this service.',
  ),
} as const
