/** What the API refused, in its own words. `status` 0 means that no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(details: ApiErrorDetails) {
    super(details.message);
    this.status = details.status;
    this.code = details.code;
    this.param = details.param ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}

export interface ApiErrorDetails {
  status: number;
  message: string;
  code: string;
  param?: string | null;
  requestId?: string | null;
  retryAfterSeconds?: number | null;
}

/** Reads the error envelope; a body that is none of ours (a proxy's page) keeps only its status. */
export async function errorFromResponse(response: Response): Promise<ApiError> {
  const envelope = readEnvelope(await response.text().catch(() => ""));
  return new ApiError({
    status: response.status,
    message: text(envelope.message) ?? `${response.status} ${response.statusText}`.trim(),
    code: text(envelope.code) ?? `http_${response.status}`,
    param: text(envelope.param),
    requestId: text(envelope.request_id) ?? response.headers.get("X-Request-Id"),
    retryAfterSeconds: wholeSeconds(response.headers.get("Retry-After")),
  });
}

function readEnvelope(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) && isRecord(parsed.error) ? parsed.error : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function wholeSeconds(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}
