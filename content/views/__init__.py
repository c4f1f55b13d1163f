"""The public guide's views, one module a subject."""
