"""What the platform does with consultations (read by foundation/database/grants.py)."""

ADDED = {"tenders.InspectionAttempt", "tenders.PracticePart", "tenders.QuestionFile", "tenders.SearchHit"}
CHANGED = {
    "tenders.Challenge",
    "tenders.Follower",
    "tenders.InspectionAttempt",
    "tenders.SavedSearch",
    "tenders.ShareLoss",
    "tenders.TenderCounter",
    "tenders.UploadedFile",
}
DELETED = {
    "tenders.Answer",
    "tenders.Award",
    "tenders.Contribution",
    "tenders.CostItem",
    "tenders.Criterion",
    "tenders.Follower",
    "tenders.ImpactQuestion",
    "tenders.Lot",
    "tenders.PaperClause",
    "tenders.PaperValue",
    "tenders.PlannedStage",
    "tenders.PracticeDeposit",
    "tenders.PriceLine",
    "tenders.QualityLevel",
    "tenders.SavedSearch",
    "tenders.TenderDocument",
    "tenders.Tender_custodians",
    "tenders.Tender_invited",
}
