/**
 * The only script of the pages, which also work without it. It reveals passwords, prevents double submission, triggers
 * passkeys and tells password managers about them, copies texts, and converts times to the local time zone. It is served as is, without transpilation.
 */
export const script = `(() => {
  'use strict'
  const all = (selector) => document.querySelectorAll(selector)
  const closest = (event, selector) => event.target instanceof Element ? event.target.closest(selector) : null

  for (const element of all('[data-scripted]')) element.hidden = !!element.dataset.trigger && !window.PublicKeyCredential

  for (const time of all('time[data-local]')) {
    const moment = new Date(time.dateTime)
    if (!Number.isNaN(moment.getTime()))
      time.textContent = moment.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
  }

  const run = (name) => {
    if (/^ory[A-Za-z]+$/.test(name) && typeof window[name] === 'function') window[name]()
  }

  let asking

  // What names a new key, or its owner, has to be filled in before the device is asked.
  const isNamed = ({ form }) =>
    [...form.elements].filter(({ name }) => /^traits\\.|_displayname$/.test(name)).every((field) => field.reportValidity())

  const start = (button) => {
    asking = button.form
    for (const message of all('[data-key-failure]')) message.hidden = true
    if (/Registration$/.test(button.dataset.trigger) && !isNamed(button)) return
    run(button.dataset.trigger)
  }

  window.addEventListener('latchkey:key-error', ({ detail }) => {
    const messages = [...(asking || document).querySelectorAll('[data-key-failure]')]
    const shown = messages.find(({ dataset }) => dataset.keyFailure === detail.name) || messages[0]
    if (shown) shown.hidden = false
  })

  // Password managers are told which passkeys are accepted and whose they are (signal methods of PublicKeyCredential).
  const signal = (name, details) => {
    const told = window.PublicKeyCredential && PublicKeyCredential[name]
    if (told) told.call(PublicKeyCredential, details).catch(() => {})
  }

  const removals = () => [...document.getElementsByName('passkey_remove')]
  const removed = 'latchkey:removed-passkey'

  const fromHex = (hex) =>
    btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16)))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=/g, '')

  const signalPasskeys = () => {
    const data = document.querySelector('form:has([name="passkey_settings_register"]) [name="passkey_create_data"]')
    if (!data) return
    const { rp, user, excludeCredentials = [] } = JSON.parse(data.value).publicKey
    const gone = sessionStorage.getItem(removed)
    sessionStorage.removeItem(removed)
    if (gone && !removals().some(({ value }) => value === gone))
      signal('signalUnknownCredential', { rpId: rp.id, credentialId: fromHex(gone) })
    if (excludeCredentials.length === 0) return
    const ids = excludeCredentials.map(({ id }) => id)
    signal('signalAllAcceptedCredentials', { rpId: rp.id, userId: user.id, allAcceptedCredentialIds: ids })
    signal('signalCurrentUserDetails', { rpId: rp.id, userId: user.id, name: user.name, displayName: user.displayName })
  }
  signalPasskeys()

  const show = (button, shown) => {
    const field = document.getElementById(button.getAttribute('aria-controls'))
    if (!field) return
    field.type = shown ? 'text' : 'password'
    button.textContent = shown ? button.dataset.hide : button.dataset.show
    button.setAttribute('aria-label', shown ? button.dataset.hideLabel : button.dataset.showLabel)
  }

  const copy = async (button) => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
    button.textContent = button.dataset.done
  }

  document.addEventListener('click', (event) => {
    const reveal = closest(event, '[data-reveal]')
    if (reveal) show(reveal, document.getElementById(reveal.getAttribute('aria-controls'))?.type === 'password')
    const trigger = closest(event, '[data-trigger]')
    if (trigger) start(trigger)
    const copier = closest(event, '[data-copy]')
    if (copier) copy(copier).catch(() => {})
  })

  const begin = (event) => {
    // Held until a check of the form is done.
    if (event.defaultPrevented) return
    const form = event.target
    if (event.submitter?.name === 'passkey_remove') sessionStorage.setItem(removed, event.submitter.value)
    if (form.dataset.busy) return event.preventDefault()
    form.dataset.busy = 'true'
    form.setAttribute('aria-busy', 'true')
    if (event.submitter) event.submitter.dataset.pressed = 'true'
    for (const reveal of form.querySelectorAll('[data-reveal]')) show(reveal, false)
    // A user who cancels a slow submission can submit again.
    setTimeout(release, 10000, form)
  }
  for (const type of ['submit', 'latchkey:submit']) document.addEventListener(type, begin)

  const release = (form) => {
    delete form.dataset.busy
    form.removeAttribute('aria-busy')
    for (const button of form.querySelectorAll('[data-pressed]')) delete button.dataset.pressed
  }

  // A page that is restored from the back/forward cache must be usable again.
  window.addEventListener('pageshow', () => all('form[data-busy]').forEach(release))

  const upgrade = async (link) => {
    const isSent = window.latchkeyPasskeyUpgrade ? await window.latchkeyPasskeyUpgrade() : false
    if (!isSent) location.replace(link.href)
  }

  window.addEventListener('load', () => {
    all('[data-passkey-upgrade]').forEach(upgrade)
    for (const input of all('[data-onload]')) run(input.dataset.onload)
  })
})()
`
