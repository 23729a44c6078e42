const HTTP_STATUS: Record<number, number> = {
  2: 500,
  3: 400,
  5: 404,
  6: 409,
  7: 403,
  9: 400,
  10: 409,
  12: 501,
  13: 500,
  14: 503,
  16: 401,
};

/** An error of Argo CD's API, by its gRPC code. @internal */
export class ApiError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }

  get status(): number {
    return HTTP_STATUS[this.code] ?? 500;
  }

  toBody(): object {
    return { error: this.message, code: this.code, message: this.message };
  }
}

/** @internal */
export const invalidArgument = (message: string) => new ApiError(3, message);
/** @internal */
export const notFound = (message: string) => new ApiError(5, message);
/** @internal */
export const permissionDenied = (message = 'permission denied') =>
  new ApiError(7, message);
/** @internal */
export const failedPrecondition = (message: string) => new ApiError(9, message);
/** @internal */
export const unauthenticated = (message: string) => new ApiError(16, message);
