"""What the API says of itself: one declaration a route, made into OpenAPI 3.1."""
