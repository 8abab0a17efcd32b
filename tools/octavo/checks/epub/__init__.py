"""Whether an EPUB is what its readers and the shops need, as diagnostics: EPUBCheck, and rules of our own."""
