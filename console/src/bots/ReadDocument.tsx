import { useQuery } from "@tanstack/react-query";
import type { ListedDocument } from "../api/bots";
import { useApi } from "../api/useApi";
import { Dialog } from "../ui/Dialog";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { documentQuery } from "./queries";

interface ReadDocumentProps {
  botId: string;
  of: ListedDocument;
  onClose: () => void;
}

export function ReadDocument({ botId, of: { id, name }, onClose }: ReadDocumentProps) {
  const document = useQuery(documentQuery(useApi(), botId, id));
  return (
    <Dialog title={name} onClose={onClose}>
      {document.isPending && <SkeletonRows count={4} />}
      {document.error && <Problem error={document.error} onRetry={() => void document.refetch()} />}
      {document.data && <div className="document">{document.data.content}</div>}
    </Dialog>
  );
}
