import Type from 'typebox'
import { operation } from '../contract.ts'
import { IdPath, TokenPaging } from '../parameters.ts'
import { CourierMessageStatus, Message } from './models.ts'

export const listCourierMessages = operation({
  id: 'listCourierMessages',
  tag: 'courier',
  plane: 'admin',
  method: 'GET',
  path: '/admin/courier/messages',
  summary: 'List sent and queued messages, newest first',
  query: Type.Object({
    ...TokenPaging,
    status: Type.Optional(CourierMessageStatus),
    recipient: Type.Optional(Type.String()),
  }),
  returns: { 200: Type.Array(Message) },
  errors: [400],
})

export const getCourierMessage = operation({
  id: 'getCourierMessage',
  tag: 'courier',
  plane: 'admin',
  method: 'GET',
  path: '/admin/courier/messages/{id}',
  summary: 'Get a message with its delivery attempts',
  params: IdPath,
  returns: { 200: Message },
  errors: [400, 404],
})
