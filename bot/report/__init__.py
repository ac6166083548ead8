"""Reports: the yearly one about the Local Offer, and a quarter's digest for each organisation and for the forum.

`yearly` and `digest` write what a report says as a `document`; `numbers` are its pictures; `making` draws it as a page,
a PDF and a spreadsheet. What is heavy is drawn in a process of its own (`drawing`).
"""
