/** Every message that the pages of a flow can carry: Ory's ids, types and context keys, our own wording. */
export const messages = {
  1010001: message('login', 'info', 'Sign in'),
  1010002: message('loginWith', 'info', 'Sign in with {provider}', { provider: 'text', provider_id: 'text' }),
  1010003: message('loginReauthenticate', 'info', 'Please show once more that it is you before you go on.'),
  1010004: message('loginSecondFactor', 'info', 'One more step: please pass your second sign-in check.'),
  1010005: message('loginVerify', 'info', 'Check'),
  1010006: message('loginTotpLabel', 'info', 'Code from your authenticator app'),
  1010007: message('loginLookupLabel', 'info', 'Backup code'),
  1010008: message('loginWebAuthn', 'info', 'Use a security key'),
  1010009: message('loginTotp', 'info', 'Use an authenticator app'),
  1010010: message('loginLookup', 'info', 'Use a backup code'),
  1010011: message('loginContinueWebAuthn', 'info', 'Go on with your security key'),
  1010012: message('loginPrepareWebAuthn', 'info', 'Have your security key or passkey at hand, then go on.'),
  1010013: message('loginContinue', 'info', 'Continue'),
  1010014: message(
    'loginCodeSent',
    'info',
    'We sent you a code. If none arrives, check the address for typing errors.',
  ),
  1010015: message('loginSendCode', 'info', 'Send me a code to sign in'),
  1010016: message(
    'loginLink',
    'info',
    '{duplicate_identifier} already belongs to an account here. Sign in to that account and {provider} becomes another way into it.',
    {
      duplicateIdentifier: 'text',
      duplicate_identifier: 'text',
      provider: 'text',
      newLoginUrl: 'text',
      new_login_url: 'text',
      available_credential_types: 'list',
      available_providers: 'list',
    },
  ),
  1010017: message('loginAndLink', 'info', 'Sign in and connect'),
  1010018: message('loginWithAndLink', 'info', 'Confirm through {provider}', { provider: 'text' }),
  1010019: message('loginSendSecondFactorCode', 'info', 'Send me a code'),
  1010020: message('loginSecondFactorCodeHint', 'info', 'A code goes to {masked_to}. Enter that address in full.', {
    masked_to: 'text',
  }),
  1010021: message('loginPasskey', 'info', 'Use a passkey'),
  1010022: message('loginPassword', 'info', 'Sign in with a password'),
  1010023: message('loginSendCodeTo', 'info', 'Send a code to {address}', { address: 'text', channel: 'text' }),

  1040001: message('registration', 'info', 'Create account'),
  1040002: message('registrationWith', 'info', 'Sign up with {provider}', { provider: 'text', provider_id: 'text' }),
  1040003: message('registrationContinue', 'info', 'Continue'),
  1040004: message('registrationWebAuthn', 'info', 'Sign up with a security key'),
  1040005: message(
    'registrationCodeSent',
    'info',
    'We sent you a code. If none arrives, check the address and try again.',
  ),
  1040006: message('registrationSendCode', 'info', 'Send me a code to sign up'),
  1040007: message('registrationPasskey', 'info', 'Sign up with a passkey'),
  1040008: message('registrationBack', 'info', 'Back'),
  1040009: message('registrationChooseCredentials', 'info', 'How do you want to sign in from now on?'),

  1050001: message('settingsSaved', 'success', 'Your changes are saved.'),
  1050002: message('settingsLinkProvider', 'info', 'Connect {provider}', { provider: 'text' }),
  1050003: message('settingsUnlinkProvider', 'info', 'Disconnect {provider}', { provider: 'text' }),
  1050004: message('settingsUnlinkTotp', 'info', 'Remove the authenticator app'),
  1050005: message('settingsTotpQrCode', 'info', 'QR code for your authenticator app'),
  1050006: message('settingsTotpSecret', 'info', '{secret}', { secret: 'text' }),
  1050007: message('settingsRevealLookup', 'info', 'Show backup codes'),
  1050008: message('settingsRegenerateLookup', 'info', 'Make new backup codes'),
  1050009: message('settingsLookupSecret', 'info', '{secret}', { secret: 'text' }),
  1050010: message(
    'settingsLookupSecretLabel',
    'info',
    'Your backup codes. Each works once: keep them where only you find them.',
  ),
  1050011: message('settingsConfirmLookup', 'info', 'I have kept the backup codes'),
  1050012: message('settingsAddWebAuthn', 'info', 'Add a security key'),
  1050013: message('settingsWebAuthnName', 'info', 'Name for this security key'),
  1050014: message('settingsLookupSecretUsed', 'info', 'Used on {used_at}', {
    used_at: 'time',
    used_at_unix: 'number',
  }),
  1050015: message('settingsLookupSecretList', 'info', '{secrets}', { secrets: 'texts' }),
  1050016: message('settingsDisableLookup', 'info', 'Turn off backup codes'),
  1050017: message(
    'settingsTotpSecretLabel',
    'info',
    'If the QR code cannot be scanned, enter this key into your app.',
  ),
  1050018: message('settingsRemoveWebAuthn', 'info', 'Remove the security key “{display_name}”', {
    display_name: 'text',
    added_at: 'time',
    added_at_unix: 'number',
  }),
  1050019: message('settingsAddPasskey', 'info', 'Add a passkey'),
  1050020: message('settingsRemovePasskey', 'info', 'Remove the passkey “{display_name}”', {
    display_name: 'text',
    added_at: 'time',
    added_at_unix: 'number',
  }),

  1060001: message(
    'recovered',
    'success',
    'You are back in your account. Set a new password now, or add another way to sign in.',
    {
      privilegedSessionExpiresAt: 'time',
      privileged_session_expires_at: 'time',
      privileged_session_expires_at_unix: 'number',
    },
  ),
  1060002: message(
    'recoveryLinkSent',
    'info',
    'If this address belongs to an account, a link is on its way. If none arrives, check for typing errors.',
  ),
  1060003: message(
    'recoveryCodeSent',
    'info',
    'If this address belongs to an account, a code is on its way. If none arrives, check for typing errors.',
  ),
  1060004: message(
    'recoveryCodeSentTo',
    'info',
    'We sent a code to {masked_address}. If none arrives, check that you entered the address that we know.',
    {
      masked_address: 'text',
    },
  ),
  1060005: message('recoveryAskFullAddress', 'info', 'Please enter the whole address, so that we know it is yours.'),
  1060006: message('recoveryChooseAddress', 'info', 'Where should we send your code?'),
  1060007: message('recoveryBack', 'info', 'Back'),

  1070001: message('labelPassword', 'info', 'Password'),
  1070002: message('labelGenerated', 'info', '{title}', { title: 'text', name: 'text' }),
  1070003: message('labelSave', 'info', 'Save'),
  1070004: message('labelIdentifier', 'info', 'ID'),
  1070005: message('labelSubmit', 'info', 'Submit'),
  1070006: message('labelCode', 'info', 'Code'),
  1070007: message('labelEmail', 'info', 'Email'),
  1070008: message('labelResendCode', 'info', 'Send another code'),
  1070009: message('labelContinue', 'info', 'Continue'),
  1070010: message('labelRecoveryCode', 'info', 'Code from our message'),
  1070011: message('labelVerificationCode', 'info', 'Code from our message'),
  1070012: message('labelRegistrationCode', 'info', 'Code from our message'),
  1070013: message('labelLoginCode', 'info', 'Code from our message'),
  1070014: message('labelLoginAndLink', 'info', 'Sign in and connect'),
  1070015: message('labelCaptcha', 'info', 'Please show that you are not a robot.'),
  1070016: message('labelRecoveryAddress', 'info', 'Address to recover with'),
  1070017: message('labelPhone', 'info', 'Phone number'),

  1080001: message(
    'verificationLinkSent',
    'info',
    'A link is on its way to you. If none arrives, check that this is the address you signed up with.',
  ),
  1080002: message('verified', 'success', 'Thank you, your address is confirmed.'),
  1080003: message(
    'verificationCodeSent',
    'info',
    'A code is on its way to you. If none arrives, check that this is the address you signed up with.',
  ),

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

export type MessageId = keyof typeof messages

/** How a context value is written out: times by the reader's language, lists with their last "and" or "or". */
export type ContextKind = 'text' | 'number' | 'time' | 'list' | 'texts' | 'type' | 'types' | 'credentials' | 'value'

export interface UiMessage {
  readonly name: string
  readonly type: 'info' | 'error' | 'success'
  /** `{key}` stands for a context value; a part in square brackets is left out when a value in it is empty. */
  readonly text: string
  readonly context?: Readonly<Record<string, ContextKind>>
}

function message<const Name extends string, const Type extends UiMessage['type'], Context = undefined>(
  name: Name,
  type: Type,
  text: string,
  context?: Context & Readonly<Record<string, ContextKind>>,
) {
  return { name, type, text, context: context as Context }
}

function expired() {
  return { expired_at: 'time', expired_at_unix: 'number' } as const
}
