import { useText } from "../text/useText";

/** What to do and what will be seen, for whoever is here for the first time. */
export function Steps() {
  const { steps } = useText().talk;
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}
