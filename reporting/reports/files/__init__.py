"""Sheets as files: PDF, XLSX, CSV. Imported when somebody wants a file, as the libraries are heavy."""
