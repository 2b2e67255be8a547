"""What names mean across the files of a project, and which functions run as part of a workflow."""
