// Error numbers of WASI preview 1 that apply without files.

export const ERRNO = {
  success: 0,
  badFileDescriptor: 8,
  invalid: 28,
  notImplemented: 52,
  notDirectory: 54,
  notSocket: 57,
  notSupported: 58,
  illegalSeek: 70,
} as const;
