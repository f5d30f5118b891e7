"""Statistics on counts. Nothing here sees a respondent; one module answers one question."""
