import type { UiNodeInputAttributes } from '@latchkey/api'
import { integrityOf } from '../ui/script.ts'

/** The path of the script, as in Kratos. */
export const scriptPath = '/.well-known/ory/webauthn.js'

/** The functions that the script offers to pages; nodes name them (`onclickTrigger`, `onloadTrigger`). */
export type Trigger = NonNullable<UiNodeInputAttributes['onclickTrigger']>

/**
 * Connects the fields of forms with the authenticators of the browser. Its functions, their parameters and its event
 * are those of Kratos, so that Ory Elements and pages written for Ory work with it. It is served as is.
 */
export const script = `(() => {
  'use strict'
  if (window.__oryWebAuthnInitialized) return
  if (!window.PublicKeyCredential) {
    console.info('This browser supports neither security keys nor passkeys.')
    return
  }

  const field = (name) => document.getElementsByName(name)[0]

  const decode = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))

  const encode = (buffer) => {
    let text = ''
    for (const byte of new Uint8Array(buffer ?? [])) text += String.fromCharCode(byte)
    return btoa(text).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '')
  }

  const withDecodedIds = (list) => list.map((one) => ({ ...one, id: decode(one.id) }))

  // The options as the browser takes them; those that were given stay as they are, so that a button works again.
  const decodedOptions = ({ publicKey, ...others }) => ({
    ...others,
    publicKey: {
      ...publicKey,
      challenge: decode(publicKey.challenge),
      ...(publicKey.user && { user: { ...publicKey.user, id: decode(publicKey.user.id) } }),
      ...(publicKey.allowCredentials && { allowCredentials: withDecodedIds(publicKey.allowCredentials) }),
      ...(publicKey.excludeCredentials && { excludeCredentials: withDecodedIds(publicKey.excludeCredentials) }),
    },
  })

  const encoded = ({ id, rawId, type, response }) => {
    const own = response.attestationObject
      ? {
          attestationObject: encode(response.attestationObject),
          transports: response.getTransports ? response.getTransports() : [],
        }
      : {
          authenticatorData: encode(response.authenticatorData),
          signature: encode(response.signature),
          userHandle: encode(response.userHandle),
        }
    return JSON.stringify({
      id,
      rawId: encode(rawId),
      type,
      response: { clientDataJSON: encode(response.clientDataJSON), ...own },
    })
  }

  // No button was pressed, so that the form tells no method: the filled field does.
  const send = (target, credential) => {
    target.value = encoded(credential)
    const form = target.closest('form')
    // Scripts of captchas hold the form until the check is done, and then send it. It is no submit event, since pages
    // that send their forms themselves, such as those of Ory Elements, would take it for a button without a method.
    if (form.dispatchEvent(new CustomEvent('latchkey:submit', { bubbles: true, cancelable: true }))) form.submit()
  }

  const fail = (error) => {
    if (error && error.name === 'AbortError') return
    console.error('The security key or passkey could not be used.', error)
    window.dispatchEvent(new CustomEvent('latchkey:key-error', { detail: { name: error && error.name } }))
  }

  const missing = (name) => console.error('The form has no field for ' + name + '.')

  const stopAutocomplete = () => {
    if (!window.abortPasskeyConditionalUI) return
    window.abortPasskeyConditionalUI.abort()
    window.abortPasskeyConditionalUI = undefined
  }

  const withKey = (method) => (options, targetSelector, triggerSelector) => {
    const name = method === 'get' ? 'webauthn_login' : 'webauthn_register'
    const trigger = document.querySelector(triggerSelector || '*[name="' + name + '_trigger"]')
    const target = document.querySelector(targetSelector || '*[name="' + name + '"]')
    if (!target || !(options || trigger)) return missing(name)
    stopAutocomplete()
    return navigator.credentials[method](decodedOptions(options || JSON.parse(trigger.value)))
      .then((credential) => send(target, credential))
      .catch(fail)
  }

  const passkeyLogin = () => {
    const [data, target] = [field('passkey_challenge'), field('passkey_login')]
    if (!data || !target) return missing('passkeys')
    stopAutocomplete()
    return navigator.credentials.get(decodedOptions(JSON.parse(data.value))).then(
      (credential) => send(target, credential),
      (error) => {
        fail(error)
        return passkeyAutocomplete()
      },
    )
  }

  const passkeyAutocomplete = async () => {
    const [data, target, identifier] = [field('passkey_challenge'), field('passkey_login'), field('identifier')]
    if (!data || !target || !identifier) return missing('passkeys')
    const isAvailable = PublicKeyCredential.isConditionalMediationAvailable
    if (!isAvailable || !(await isAvailable.call(PublicKeyCredential))) return
    stopAutocomplete()
    const controller = new AbortController()
    window.abortPasskeyConditionalUI = controller
    const options = { ...decodedOptions(JSON.parse(data.value)), mediation: 'conditional', signal: controller.signal }
    return navigator.credentials.get(options).then(
      (credential) => send(target, credential),
      (error) => {
        // Nobody has asked for it.
        if (!controller.signal.aborted) console.info('Passkeys are not suggested.', error)
      },
    )
  }

  const createPasskey = (options, target) =>
    navigator.credentials
      .create(decodedOptions(options))
      .then((credential) => send(target, credential))
      .catch(fail)

  const passkeyRegistration = () => {
    const [data, target] = [field('passkey_create_data'), field('passkey_register')]
    if (!data || !target) return missing('passkeys')
    const { credentialOptions, displayNameFieldName } = JSON.parse(data.value)
    const named = data.closest('form').elements.namedItem(displayNameFieldName)
    const name = (named && named.value) || credentialOptions.publicKey.rp.name
    const { publicKey } = credentialOptions
    return createPasskey({ publicKey: { ...publicKey, user: { ...publicKey.user, name, displayName: name } } }, target)
  }

  const passkeySettingsRegistration = () => {
    const [data, target] = [field('passkey_create_data'), field('passkey_settings_register')]
    if (!data || !target) return missing('passkeys')
    return createPasskey(JSON.parse(data.value), target)
  }

  // Asks the browser to make a passkey without asking the person, which some do right after a password was filled in.
  // Resolves with true if the form is being sent.
  const passkeyUpgrade = async () => {
    const [data, target] = [field('passkey_create_data'), field('passkey_settings_register')]
    const getCapabilities = PublicKeyCredential.getClientCapabilities
    if (!data || !target || !getCapabilities) return false
    try {
      const { conditionalCreate } = await getCapabilities.call(PublicKeyCredential)
      if (!conditionalCreate) return false
      const options = { ...decodedOptions(JSON.parse(data.value)), mediation: 'conditional' }
      send(target, await navigator.credentials.create(options))
      return true
    } catch (error) {
      console.info('No passkey was made.', error)
      return false
    }
  }

  const functions = {
    oryWebAuthnLogin: withKey('get'),
    oryWebAuthnRegistration: withKey('create'),
    oryPasskeyLogin: passkeyLogin,
    oryPasskeyLoginAutocompleteInit: passkeyAutocomplete,
    oryPasskeyRegistration: passkeyRegistration,
    oryPasskeySettingsRegistration: passkeySettingsRegistration,
  }
  for (const [name, run] of Object.entries(functions)) {
    window[name] = run
    // The names of Ory Elements before version 1.
    window['__' + name] = run
  }
  window.latchkeyPasskeyUpgrade = passkeyUpgrade
  window.__oryWebAuthnInitialized = true
  window.dispatchEvent(new CustomEvent('oryWebAuthnInitialized'))
})()
`

export const scriptIntegrity = integrityOf(script)
