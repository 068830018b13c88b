"""Stage 5: State startups, from the problem to the accepted delivery and its impact."""
