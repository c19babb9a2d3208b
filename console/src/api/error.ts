/** What the API refused, in its own words. `status` 0 means that no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  /** Every field of the request that was refused. */
  readonly fields: readonly RefusedField[];

  constructor(details: ApiErrorDetails) {
    super(details.message);
    this.status = details.status;
    this.code = details.code;
    this.param = details.param ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.fields = details.fields ?? [];
  }

  /** What the API said about this field (`config.voice`), or about something within it. */
  about(param: string): string | null {
    const found = this.fields.find((each) => `${each.param}.`.startsWith(`${param}.`));
    if (found) return found.message;
    return this.param === param ? this.message : null;
  }
}

export interface RefusedField {
  /** Its path in the body, `a.b`. */
  param: string;
  message: string;
}

export interface ApiErrorDetails {
  status: number;
  message: string;
  code: string;
  param?: string | null;
  requestId?: string | null;
  retryAfterSeconds?: number | null;
  fields?: readonly RefusedField[];
}

/** Reads the error envelope; a body that is none of ours (a proxy's page) keeps only its status. */
export async function errorFromResponse(response: Response): Promise<ApiError> {
  const body = readObject(await response.text().catch(() => ""));
  const envelope = isRecord(body.error) ? body.error : {};
  return new ApiError({
    status: response.status,
    message: text(envelope.message) ?? `${response.status} ${response.statusText}`.trim(),
    code: text(envelope.code) ?? `http_${response.status}`,
    param: text(envelope.param),
    requestId: text(envelope.request_id) ?? response.headers.get("X-Request-Id"),
    retryAfterSeconds: wholeSeconds(response.headers.get("Retry-After")),
    fields: Array.isArray(body.detail) ? body.detail.flatMap(refusedField) : [],
  });
}

function readObject(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** A line of a 422's `detail`: where in the request, and what is wrong there. */
function refusedField(line: unknown): RefusedField[] {
  if (!isRecord(line) || !Array.isArray(line.loc)) return [];
  const message = text(line.msg);
  return message === null ? [] : [{ param: line.loc.slice(1).join("."), message }];
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
