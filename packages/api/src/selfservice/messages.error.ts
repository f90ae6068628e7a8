import { expired, message } from './message.ts'

/** What went wrong: ids 4000000 to 5999999. */
export const errorMessages = {
  4000001: message('invalid', 'error', '{reason}', { reason: 'text' }),
  4000002: message('required', 'error', 'Please fill in this field.', { property: 'text' }),
  4000003: message('tooShort', 'error', 'Too short: enter {min_length} or more characters (now {actual_length}).', {
    min_length: 'number',
    actual_length: 'number',
  }),
  4000004: message('invalidFormat', 'error', 'This does not have the expected form ({pattern}).', { pattern: 'text' }),
  4000005: message('passwordRefused', 'error', 'Please choose another password: {reason}.', { reason: 'text' }),
  4000006: message(
    'invalidCredentials',
    'error',
    'That did not match. Please check what you entered for typing errors.',
  ),
  4000007: message(
    'duplicateCredentials',
    'error',
    'There is an account with this email address, phone number or name already.',
  ),
  4000008: message('totpWrong', 'error', 'This code from the authenticator app is not right. Please try the next one.'),
  4000009: message(
    'identifierMissing',
    'error',
    'There is nothing here to sign in with, such as an email address. If you left nothing out, the service is not set up right.',
  ),
  4000010: message('addressNotVerified', 'error', 'Please confirm your address first. We sent you a message for that.'),
  4000011: message('noTotpDevice', 'error', 'No authenticator app is set up for this account.'),
  4000012: message('lookupAlreadyUsed', 'error', 'This backup code was used before. Please take another.'),
  4000013: message('noWebAuthnDevice', 'error', 'No security key is set up for this account.'),
  4000014: message('noLookup', 'error', 'This account has no backup codes.'),
  4000015: message('noSuchWebAuthnUser', 'error', 'No account with a security key was found.'),
  4000016: message('lookupInvalid', 'error', 'This backup code is not right.'),
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
  4000022: message('notMultiple', 'error', 'Use a multiple of {base} ({actual} is none).', {
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
    'There is an account with this email address, phone number or name already. Sign in to it to connect the two.',
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
  4000034: message('passwordBreached', 'error', 'This password is known from stolen data. Please choose another.', {
    breaches: 'number',
  }),
  4000035: message('noCodeUser', 'error', 'No account that signs in with a code was found.'),
  4000036: message('traitsMismatch', 'error', 'These details differ from those you began with. Please start again.'),
  4000037: message('accountNotFound', 'error', 'No account was found that can be signed in to this way.'),
  4000038: message('captchaFailed', 'error', 'We could not tell you from a robot. Please try again.'),
  4000039: message('passwordUnchanged', 'error', 'That is the password you have now. Please choose another.'),
  4000040: message('notAnEmail', 'error', 'This is not an email address. It should look like name@example.org.', {
    value: 'text',
  }),
  4000041: message('notAPhone', 'error', 'This is not a phone number. It should look like +49 30 123456.', {
    value: 'text',
  }),

  4010001: message('loginExpired', 'error', 'This page was open for too long. Please sign in again.', expired()),
  4010002: message('loginNoMethod', 'error', 'We could not tell how you want to sign in. Please fill in the form.'),
  4010003: message(
    'registrationNoMethod',
    'error',
    'We could not tell how you want to sign up. Please fill in the form.',
  ),
  4010004: message('settingsNoMethod', 'error', 'We could not tell what to change. Please fill in the form.'),
  4010005: message(
    'recoveryNoMethod',
    'error',
    'We could not tell how to recover your account. Please fill in the form.',
  ),
  4010006: message('verificationNoMethod', 'error', 'We could not tell what to confirm. Please fill in the form.'),
  4010007: message('loginAlreadyDone', 'error', 'This sign-in was finished before.'),
  4010008: message('loginCodeInvalid', 'error', 'This code is not right or was used before. Please try again.'),
  4010009: message('loginLinkMismatch', 'error', 'The account you signed in to is not the one to be connected.'),
  4010010: message('loginAddressUnknown', 'error', 'This is not an address of your account.'),

  4040001: message('registrationExpired', 'error', 'This page was open for too long. Please sign up again.', expired()),
  4040002: message('registrationAlreadyDone', 'error', 'This sign-up was finished before.'),
  4040003: message('registrationCodeInvalid', 'error', 'This code is not right or was used before. Please try again.'),

  4050001: message(
    'settingsExpired',
    'error',
    'This page was open for too long. Please make your change again.',
    expired(),
  ),

  4060001: message('recoveryAlreadyDone', 'error', 'This recovery was finished before.'),
  4060002: message('recoveryFailed', 'error', 'This recovery cannot go on. Please start again.'),
  4060003: message(
    'recoveryTokenMissing',
    'error',
    'This link is not complete. Please open it again or ask for a new one.',
  ),
  4060004: message(
    'recoveryTokenInvalid',
    'error',
    'This link is not right or was used before. Please ask for a new one.',
  ),
  4060005: message('recoveryExpired', 'error', 'This page was open for too long. Please start again.', expired()),
  4060006: message('recoveryCodeInvalid', 'error', 'This code is not right or was used before. Please try again.'),

  4070001: message(
    'verificationTokenInvalid',
    'error',
    'This link is not right or was used before. Please ask for a new one.',
  ),
  4070002: message('verificationAlreadyDone', 'error', 'This address was confirmed before.'),
  4070003: message('verificationFailed', 'error', 'This confirmation cannot go on. Please start again.'),
  4070004: message(
    'verificationTokenMissing',
    'error',
    'This link is not complete. Please open it again or ask for a new one.',
  ),
  4070005: message('verificationExpired', 'error', 'This page was open for too long. Please start again.', expired()),
  4070006: message('verificationCodeInvalid', 'error', 'This code is not right or was used before. Please try again.'),

  5000001: message('systemFault', 'error', '{reason}', { reason: 'text' }),
  5000002: message(
    'noMethodAvailable',
    'error',
    'There is no way to sign in at present. Please tell those who run this service.',
  ),
} as const
