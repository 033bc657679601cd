"""The server's edge: who is answered, what is let in, how connections are kept.

`gate` stands before the whole app, asks `hosts` and `token`, and adds the headers of `policy`; `callbacks` checks what
reaches Dash; `rules` are the choices of whoever starts the server; `listen` is the server itself.
"""
