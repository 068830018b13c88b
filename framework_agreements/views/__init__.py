"""Pages of framework agreements and purchase orders."""
