"""Signing in through a client's own identity provider: OpenID Connect or SAML, bound to its e-mail domains."""
