import { useQuery } from "@tanstack/react-query";
import type { Check } from "../api/status";
import { useApi } from "../api/useApi";
import { statusQuery } from "../setup/doctor/queries";

/** What is served by a stand-in and not by the provider whose name it goes by. */
export interface StandIns {
  /** Recognition and voice. */
  speech: boolean;
  /** Every language model: where one host is real, that one is asked first. */
  models: boolean;
}

export function standInsIn(checks: readonly Check[]): StandIns {
  const models = checks.filter(({ name }) => name.startsWith("llm "));
  return {
    speech: checks.some(({ name, stand_in }) => name.startsWith("sarvam ") && stand_in === true),
    models: models.length > 0 && models.every(({ stand_in }) => stand_in === true),
  };
}

/** None are known of where the server's state may not be read. */
export function useStandIns(): StandIns {
  const { data } = useQuery({ ...statusQuery(useApi()), refetchInterval: false });
  return standInsIn(data?.checks ?? []);
}
