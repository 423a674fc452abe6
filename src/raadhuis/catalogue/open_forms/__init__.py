"""Forms that were built in Open Formulieren come in: an export becomes a draft and a report of losses.

`archive` reads the ZIP, `logic` translates JSON-Logic, `words` turns HTML and templates into texts, `naming` makes ids
that people can read, `components` makes questions, `rules` works out what the rules do to each part of the form,
`draft` puts the definition together, `report` accounts for every part.
"""
