/** What lists of rows share. */
export const lists = {
  more: "Show more",
  actions: "Actions",
};
