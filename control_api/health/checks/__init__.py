"""Questions to each dependency: for the API's status and for `vaarta doctor`."""
