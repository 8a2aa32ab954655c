"""What a whole affair costs here, beside bare Viewflow and SpiffWorkflow: ``python -m tests.benchmark``."""
