import { integrityOf } from '../ui/script.ts'

/** The path of the script that shows the widget. */
export const captchaScriptPath = '/.well-known/latchkey/captcha.js'

/**
 * Loads the script of the provider, shows its widget in each form of the page and fills in the token. A form that is
 * submitted before is sent when the token is there. Version 3 of reCAPTCHA has no widget; its token is made when the
 * form is submitted. Served as is.
 */
export const captchaScript = `(() => {
  'use strict'
  const language = document.documentElement.lang || 'en'
  const words = {
    en: {
      waiting: 'Please complete the security check. The form is then sent.',
      failed: 'The security check could not be loaded. Please check your connection or your content blocker, then reload this page.',
    },
    de: {
      waiting: 'Bitte schließen Sie die Sicherheitsprüfung ab. Das Formular wird dann gesendet.',
      failed: 'Die Sicherheitsprüfung konnte nicht geladen werden. Bitte prüfen Sie Ihre Verbindung oder Ihren Inhaltsblocker und laden Sie die Seite neu.',
    },
  }
  const say = (name) => (words[language.slice(0, 2)] || words.en)[name]
  const dark = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const loaded = {}
  const load = (src) =>
    (loaded[src] ||= new Promise((resolve, reject) => {
      const script = document.createElement('script')
      script.src = src
      script.async = true
      script.onload = resolve
      script.onerror = reject
      document.head.append(script)
    }))

  const providers = {
    turnstile: {
      src: () => 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
      api: () => window.turnstile,
      extra: ({ action, theme }) => ({ action, theme, language, size: 'flexible', 'response-field': false }),
    },
    hcaptcha: {
      src: () => 'https://js.hcaptcha.com/1/api.js?render=explicit&recaptchacompat=off',
      api: () => window.hcaptcha,
      extra: () => ({ theme: dark() }),
    },
    recaptcha: {
      src: ({ version, sitekey }) =>
        'https://www.google.com/recaptcha/api.js?render=' + (version === 'v3' ? encodeURIComponent(sitekey) : 'explicit'),
      api: () => new Promise((resolve) => window.grecaptcha.ready(() => resolve(window.grecaptcha))),
      extra: () => ({ theme: dark() }),
    },
  }

  const show = (source, provider) => {
    const { form } = source
    const options = JSON.parse(source.value)
    const target = form && form.elements.namedItem(options.response_field_name)
    if (!target) return
    const place = form.querySelector('[data-captcha]') || form.appendChild(document.createElement('div'))
    const widget = place.appendChild(document.createElement('div'))
    const status = place.appendChild(document.createElement('p'))
    status.setAttribute('role', 'status')
    const isSilent = options.version === 'v3'
    let waiting
    let broken = false
    let forget = () => {}

    const fail = () => {
      broken = true
      status.textContent = say('failed')
    }
    const send = () => {
      const [submitter, isAsked] = waiting
      waiting = undefined
      if (isAsked) form.requestSubmit(submitter)
      else form.submit()
    }
    const take = (token) => {
      target.value = token
      status.textContent = ''
      if (token && waiting) send()
    }
    // What was sent to an address is entered without a token.
    const entersCode = (submitter) =>
      form.elements.namedItem('code')?.value && !['resend', 'email', 'screen', 'recovery_confirm_address'].includes(submitter?.name)

    const hold = (event) => {
      if (target.value || broken || entersCode(event.submitter)) return
      event.preventDefault()
      const isFirst = !waiting
      waiting = [event.submitter, event.type === 'submit']
      if (!isSilent) status.textContent = say('waiting')
      else if (isFirst) ready.then((api) => api.execute(options.sitekey, { action: options.action })).then(take).catch(fail)
    }
    for (const type of ['submit', 'latchkey:submit']) form.addEventListener(type, hold)
    // A page that is restored from the back/forward cache has a token that was used.
    window.addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return
      target.value = ''
      forget()
    })

    const ready = load(provider.src(options)).then(() => provider.api())
    ready
      .then((api) => {
        if (isSilent) return
        const id = api.render(widget, {
          ...provider.extra(options),
          sitekey: options.sitekey,
          callback: take,
          'expired-callback': () => take(''),
          'error-callback': fail,
        })
        forget = () => api.reset(id)
      })
      .catch(fail)
  }

  const run = () => {
    for (const [name, provider] of Object.entries(providers))
      for (const source of document.getElementsByName('captcha_' + name + '_options')) show(source, provider)
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run)
  else run()
})()
`

export const captchaScriptIntegrity = integrityOf(captchaScript)
