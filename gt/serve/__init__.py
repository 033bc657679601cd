"""The server: what it shows, and its edge: who is answered, what is let in, how connections are kept.

`library` knows the runs and what is kept beside them, `announcements` says what there is of them, in `payloads`, and
`tensors` hands out the arrays. `gate` stands before the whole app, asks `hosts` and `token`, and adds the headers of
`policy`; `callbacks` checks what reaches Dash; `rules` are the choices of whoever starts the server; `listen` is the
server itself.
"""
