/** The pages of what a tenant is set up with. */
export const setup = {
  title: "Set-up",
};
