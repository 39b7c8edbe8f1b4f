"""What is odd about a questionnaire that could be published all the same: one concern per file, never an error."""
