import type { ApiClient } from "./client";
import type { Enum } from "./enums";
import { ApiError } from "./error";

export interface Language {
  id: string;
  name: string;
  stt: boolean;
  tts: boolean;
}

export interface Voice {
  id: string;
  gender: Enum<"CatalogVoiceGender">;
  /** Language ids that this voice speaks. */
  languages: string[];
}

export interface Model {
  id: string;
  name: string;
  owned_by: string;
  status: Enum<"VoiceModelStatus">;
  successor?: string;
}

export interface Catalog {
  languages: Language[];
  voices: Voice[];
  models: Model[];
}

/** The longest list that the API gives at once, several times what it has. */
const ALL = "limit=200";

/** `null` from a server that has no catalog routes: ids are then typed by hand. */
export async function getCatalog(api: ApiClient, signal: AbortSignal): Promise<Catalog | null> {
  try {
    const [languages, voices, models] = await Promise.all([
      api.getJson<Language[]>(`/api/v1/languages?${ALL}`, signal),
      api.getJson<Voice[]>(`/api/v1/voices?${ALL}`, signal),
      api.getJson<Model[]>(`/api/v1/models?${ALL}`, signal),
    ]);
    return { languages: languages.filter((each) => each.stt && each.tts), voices, models };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** A sentence said by the voice, as a sound file. */
export function getVoiceSample(api: ApiClient, id: string, languageId: string): Promise<Blob> {
  const query = new URLSearchParams({ language: languageId });
  return api.getBlob(`/api/v1/voices/${encodeURIComponent(id)}/sample?${query}`);
}

/** The voices that speak a language; all of them where none says so. */
export function voicesFor(catalog: Catalog, languageId: string): Voice[] {
  const speaking = catalog.voices.filter((voice) => voice.languages.includes(languageId));
  return speaking.length > 0 ? speaking : catalog.voices;
}
