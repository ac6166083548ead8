"""What the desk of staff in the browser keeps of its own: who has signed in, and what they have begun to write.

`tables` holds the rows, `signing_in` how a member of staff comes in and is put out, `drafts` what a closed browser
must not lose. It imports nothing here, because a role that ends also ends its sessions.
"""
