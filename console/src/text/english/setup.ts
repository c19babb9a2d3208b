/** What the pages of the set-up share. */
export const setup = {
  title: "Set-up",
  more: "Show more",
  actions: "Actions",
};
