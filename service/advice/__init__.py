"""The questionnaire engine: from answers to an explained shortlist."""
