import type { Request, RequestHandler, Response } from 'express';
import { StatusError } from '../../kubernetes/StatusError';
import type { Json } from '../rendering/Json';
import { ApiError } from './ApiError';
import { selectFields } from './selectFields';

/** A route that answers with JSON. @internal */
export function answer(
  make: (request: Request) => unknown | Promise<unknown>,
): RequestHandler {
  return async (request, response) => {
    try {
      const body = await make(request);
      const selected = request.path.endsWith('/applications')
        ? body
        : selectFields(body as Json, request.query.fields);
      response.json(selected);
    } catch (error) {
      sendError(response, error);
    }
  };
}

/** Answers an error in the shape of Argo CD's gateway. @internal */
export function sendError(response: Response, error: unknown): void {
  const apiError = toApiError(error);
  if (response.headersSent) {
    response.end();
    return;
  }
  response.status(apiError.status).json(apiError.toBody());
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  if (error instanceof StatusError) {
    const codes: Record<number, number> = { 403: 7, 404: 5, 409: 6, 422: 3 };
    return new ApiError(codes[error.code] ?? 2, error.message);
  }
  return new ApiError(
    2,
    error instanceof Error ? error.message : String(error),
  );
}
