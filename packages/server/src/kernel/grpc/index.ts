export {
  bytes,
  deprecated,
  flag,
  type Init,
  inner,
  int32,
  type Message,
  type MessageOf,
  method,
  oneOf,
  oneOfEnum,
  optional,
  ProtoFile,
  repeated,
  text,
  uint32,
} from './declare.ts'
export { type Implementation, implement } from './implement.ts'
export { shareWithGrpc } from './one-port.ts'
export { createGrpcServer, type GrpcOptions, type GrpcServer } from './server.ts'
export { wellFormed } from './status.ts'
