import { Document } from '../document.tsx'
import { addressOf, sent } from '../flow/address.ts'
import { arrange, type FlowForm } from '../flow/arrange.ts'
import { isInvalid, placeMessages } from '../flow/errors.ts'
import type { FormContext } from '../flow/field.tsx'
import { type Flow, isButton, isHidden, isInput, textOf, type UiNode } from '../flow/flow.ts'
import { Divider, FormView } from '../flow/form.tsx'
import { onwards } from '../flow/links.ts'
import { PageMessages, Restarted } from '../flow/messages.tsx'
import { Scripts, safeHref } from '../flow/node.tsx'
import type { FlowKind, View } from '../page.ts'
import { type Word, word } from '../words.ts'

export type SignInKind = Exclude<FlowKind, 'settings'>

/** The page of a sign-in, sign-up, recovery or verification flow. */
export function FlowPage(props: { kind: SignInKind; flow: Flow; view: View; restarted?: boolean }) {
  const { kind, flow, view, restarted } = props
  const { language } = view
  const placed = placeMessages(flow.ui)
  const forms = arrange(placed.nodes)
  const focus = placed.firstWrong ?? firstField(forms)
  const context: FormContext = {
    kind,
    view,
    placed,
    focus,
    insist: true,
    linkSent: sent(flow) && flow.active === 'link',
  }
  const title = word(language, titleOf(kind, flow))
  const lead = leadOf(kind, flow)
  const client = clientOf(flow)
  return (
    <Document view={view} title={title} invalid={isInvalid(placed)}>
      <h1>{title}</h1>
      {lead && placed.top.length === 0 && <p class="lead">{word(language, lead)}</p>}
      {client && <p class="lead">{word(language, 'continueTo', { client })}</p>}
      {restarted && <Restarted language={language} />}
      <PageMessages messages={placed.top} language={language} />
      <Address kind={kind} flow={flow} view={view} />
      <Forms forms={forms} flow={flow} context={context} />
      <Scripts nodes={placed.nodes} />
      <Onwards kind={kind} flow={flow} view={view} />
    </Document>
  )
}

function Forms({ forms, flow, context }: { forms: FlowForm[]; flow: Flow; context: FormContext }) {
  const { language, links } = context.view
  const asksPassword = context.kind === 'login' && flow.requested_aal !== 'aal2' && links.recovery
  const forgot = asksPassword && (
    <a class="aside" href={onwards(links.recovery ?? '', flow)}>
      {word(language, 'forgotPassword')}
    </a>
  )
  if (forms.every(isEmpty)) return <p class="message message-info">{word(language, 'unavailable')}</p>
  return (
    <>
      {forms.map((form, index) => (
        <div class="way" key={form.main.group}>
          {index === 1 && !isAsideOnly(form) && <Divider context={context} />}
          <FormView
            form={form}
            ui={flow.ui}
            context={index === 0 ? context : { ...context, focus: context.placed.firstWrong }}
            emphasis={index === 0 && !context.linkSent ? 'primary' : 'secondary'}
            passwordAside={forgot || undefined}
          />
        </div>
      ))}
    </>
  )
}

/** The identifier of the sign-in, or the address that the message was sent to, with a link to change it. */
function Address({ kind, flow, view }: { kind: SignInKind; flow: Flow; view: View }) {
  const address = addressOf(flow)
  const back = view.links[kind]
  if (!address || flow.state === 'passed_challenge') return null
  const changeable = back && !flow.refresh && flow.requested_aal !== 'aal2'
  return (
    <p class="identifier">
      <span class="identifier-what">{word(view.language, sent(flow) ? 'sentTo' : 'signingInAs')}</span>{' '}
      <strong class="identifier-value">{address}</strong>
      {changeable && (
        <a
          class="identifier-change"
          href={onwards(back, flow)}
          aria-label={word(view.language, 'changeAddress', { address })}
        >
          {word(view.language, 'change')}
        </a>
      )}
    </p>
  )
}

/** Links to other flows. */
function Onwards({ kind, flow, view }: { kind: SignInKind; flow: Flow; view: View }) {
  const { links, language } = view
  const signedIn = flow.refresh || flow.requested_aal === 'aal2'
  if (kind === 'login' && signedIn) {
    return links.logout ? <Aside href={links.logout} text={word(language, 'signOutInstead')} /> : null
  }
  if (kind === 'login') {
    if (!links.registration || sent(flow)) return null
    const question = word(language, 'noAccount')
    return <Aside question={question} href={onwards(links.registration, flow)} text={word(language, 'createAccount')} />
  }
  if (flow.state === 'passed_challenge') return null
  const later = flow.return_to ?? links.sessions
  if (kind === 'verification' && view.signedIn && later) {
    return <Aside href={safeHref(later)} text={word(language, 'later')} />
  }
  if (!links.login) return null
  if (kind === 'registration') {
    const question = word(language, 'haveAccount')
    return <Aside question={question} href={onwards(links.login, flow)} text={word(language, 'signIn')} />
  }
  return <Aside href={onwards(links.login, flow)} text={word(language, 'backToSignIn')} />
}

function Aside({ question, href, text }: { question?: string; href: string; text: string }) {
  return (
    <p class="onwards">
      {question && <span>{question} </span>}
      <a href={href}>{text}</a>
    </p>
  )
}

function titleOf(kind: SignInKind, flow: Flow): Word {
  if (kind === 'verification' && flow.state === 'passed_challenge') return 'verifiedTitle'
  if (sent(flow)) return flow.ui.nodes.some(isCodeField) ? 'codeTitle' : 'linkTitle'
  if (kind === 'login' && flow.requested_aal === 'aal2') return 'secondFactorTitle'
  if (kind === 'login' && flow.refresh) return 'loginAgainTitle'
  if (kind === 'registration' && flow.ui.nodes.some(isBackButton)) return 'registrationMethodTitle'
  return `${kind}Title`
}

function leadOf(kind: SignInKind, flow: Flow): Word | undefined {
  if (sent(flow) || flow.state === 'passed_challenge') return undefined
  if (kind === 'recovery' && !flow.ui.nodes.some((node) => isInput(node) && /^recovery_/.test(node.attributes.name)))
    return 'recoveryLead'
  return kind === 'verification' ? 'verificationLead' : undefined
}

/** The application that the person signs in to. */
function clientOf({ oauth2_login_request: request }: Flow): string | undefined {
  return request?.client?.client_name || request?.client?.client_id
}

/** The first empty field, which has the focus on page load. */
function firstField(forms: FlowForm[]): string | undefined {
  const fields = (forms[0]?.main.fields ?? []).filter(isInput).filter(isTyped)
  return fields.find(({ attributes }) => !textOf(attributes))?.attributes.name
}

function isTyped({ attributes }: { attributes: { type: string } }): boolean {
  return attributes.type !== 'checkbox'
}

function isEmpty(form: FlowForm): boolean {
  return form.main.buttons.length === 0 && form.alternatives.length === 0 && form.main.fields.length === 0
}

/** Whether a form has only a back button, and needs no divider before it. */
function isAsideOnly(form: FlowForm): boolean {
  return form.main.fields.length === 0 && form.main.buttons.every(({ attributes }) => attributes.name === 'screen')
}

function isCodeField(node: UiNode): boolean {
  return isInput(node) && node.attributes.name === 'code' && !isHidden(node)
}

function isBackButton(node: UiNode): boolean {
  return isButton(node) && node.attributes.name === 'screen' && textOf(node.attributes) === 'previous'
}
