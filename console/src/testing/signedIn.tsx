import { Theme } from "@radix-ui/themes";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createApiClient } from "../api/client";
import { ApiContext } from "../api/useApi";
import { createQueryClient } from "../app/queryClient";

/** Renders a part of the page as it stands in the page, for somebody who is signed in. */
export function renderSignedIn(part: ReactNode) {
  const queries = createQueryClient(() => undefined);
  return render(
    <QueryClientProvider client={queries}>
      <ApiContext value={createApiClient("cm_live_1")}>{part}</ApiContext>
    </QueryClientProvider>,
    { wrapper: Theme },
  );
}
