import { configure } from "@testing-library/react";

/** What a test waits for comes when it comes: the bound only catches what never does. */
configure({ asyncUtilTimeout: 30_000 });
