import { ExitIcon } from "@radix-ui/react-icons";
import { IconButton } from "@radix-ui/themes";
import { useText } from "../text/useText";

export function SignOut({ onSignOut }: { onSignOut: () => void }) {
  const { app } = useText();
  return (
    <IconButton
      variant="ghost"
      color="gray"
      size="2"
      aria-label={app.signOut}
      title={app.signOut}
      onClick={onSignOut}
    >
      <ExitIcon aria-hidden />
    </IconButton>
  );
}
