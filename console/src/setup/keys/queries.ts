import type { ApiClient } from "../../api/client";
import { listKeys } from "../../api/keys";
import { pagedQuery } from "../../lists/paged";

export function keyListQuery(api: ApiClient) {
  return pagedQuery(["keys", "list"], (part, signal) => listKeys(api, part, signal));
}
