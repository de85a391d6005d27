"""What a release leaves in a database: written once, updated by each test run."""
