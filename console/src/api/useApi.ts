import { createContext, useContext } from "react";
import { type ApiClient, createApiClient } from "./client";

/** The API as whoever is signed in; as a stranger above that. */
export const ApiContext = createContext<ApiClient>(createApiClient(null));

export function useApi(): ApiClient {
  return useContext(ApiContext);
}
