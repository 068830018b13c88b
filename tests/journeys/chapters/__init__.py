"""The story of one purchase, chapter by chapter, as people do it in their browsers."""
