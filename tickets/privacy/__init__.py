"""Personal data: a person's own export, the platform administrator's erasure, how stored files stand (RGPD)."""
