"""Stage 3: consultations, sealed bids, their opening, their analysis and the award."""
