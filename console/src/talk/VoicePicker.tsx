import { PlayIcon, StopIcon } from "@radix-ui/react-icons";
import { IconButton, Text } from "@radix-ui/themes";
import type { Voice } from "../api/catalog";
import { type Texts, useText } from "../text/useText";
import { Picker } from "../ui/Picker";
import { grouped, type PickerChoice } from "../ui/pickerGroups";
import { useSample } from "./useSample";

interface VoicePickerProps {
  voices: readonly Voice[];
  languageId: string;
  value: string;
  error: string | null;
  onChange: (voice: string) => void;
}

/** Every voice by gender, each to be heard in the chosen language before it is taken. */
export function VoicePicker({ voices, languageId, value, error, onChange }: VoicePickerProps) {
  const text = useText();
  const { form } = text.talk;
  const genders: Record<string, string> = form.genders;
  const { playing, problem, toggle } = useSample(languageId);
  return (
    <Picker
      label={form.voice}
      error={error}
      groups={grouped(
        voices,
        ({ gender }) => genders[gender] ?? gender,
        (voice) => choiceOf(text, voice, languageId),
      )}
      value={value}
      onChoose={onChange}
      aside={(choice) => (
        <>
          {problem?.id === choice.id && (
            <Text size="1" color="red" role="alert">
              {problem.error.message}
            </Text>
          )}
          <SampleButton
            choice={choice}
            playing={playing === choice.id}
            onToggle={() => toggle(choice.id)}
          />
        </>
      )}
    />
  );
}

interface SampleButtonProps {
  choice: PickerChoice;
  playing: boolean;
  onToggle: () => void;
}

function SampleButton({ choice, playing, onToggle }: SampleButtonProps) {
  const { sample } = useText().talk;
  return (
    <IconButton
      type="button"
      size="1"
      variant={playing ? "solid" : "soft"}
      disabled={choice.disabled}
      aria-label={(playing ? sample.stop : sample.play)(choice.label)}
      onClick={onToggle}
    >
      {playing ? <StopIcon aria-hidden /> : <PlayIcon aria-hidden />}
    </IconButton>
  );
}

function choiceOf(text: Texts, { id, languages }: Voice, languageId: string): PickerChoice {
  const label = id.charAt(0).toUpperCase() + id.slice(1);
  if (languages.includes(languageId)) return { id, label };
  return { id, label, disabled: true, detail: text.talk.form.voiceSpeaks(languages.join(", ")) };
}
